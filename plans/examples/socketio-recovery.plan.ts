import { env, journey, plan, type UserSocketIo, users } from 'plimsoll'

/**
 * Socket.IO delivers at most once: what is sent while a client is away is gone. A client whose TCP connection is cut every
 * 15 s and that is away for 2 s of them misses up to 2 of 15 of its messages: a default server lost 12 % in a run of this plan.
 * A vendor's public benchmark of the same setting, whose clients wait for their back-off on top, tells 15 %.
 *
 *     npx plimsoll run plans/examples/socketio-recovery.plan.ts
 *
 * With connection-state recovery the server keeps what a client missed, and gives it to the client that comes back:
 * nothing is lost, and that share is late instead:
 *
 *     RECOVERY=1 npx plimsoll run plans/examples/socketio-recovery.plan.ts
 */

const port = env('PORT', { default: 3100 })
const recovery = env('RECOVERY', { default: '0' })

interface State {
  readonly socket: UserSocketIo
}

/**
 * Everybody talks while connected. Acknowledged, so that a message which the cut took on its way to the server counts as
 * uncertain, and only what the server had taken can be lost.
 */
const talk = journey('talk', { think: '500ms..1500ms' }, async (user) => {
  const { socket } = user.state as State
  if (socket.open) await socket.request('message:send', { room: 'lobby', key: user.unique('m'), text: 'hello' })
})

export default plan({
  name: 'Socket.IO, cut every 15 s',
  system: {
    url: `http://127.0.0.1:${port}`,
    start: { command: 'node socketio-server.mjs', env: { PORT: port, RECOVERY: recovery } },
    ready: '/',
  },
  begin: async (user) => {
    user.state['socket'] = await user.io('/')
  },
  journeys: [talk],
  deliveries: {
    message: {
      // The server puts everybody in by itself.
      rooms: ['lobby'],
      publish: { event: 'message:send', room: 'room', key: 'key' },
      receive: { event: 'message', room: 'room', key: 'key' },
    },
  },
  profiles: {
    /** Each user is cut at an instant of its own, so that there is always somebody who talks to those who are away. */
    smoke: {
      load: users.ramp('2s', 50).hold('62s'),
      outages: { after: '2s', every: '15s', offline: '2s', spread: true },
    },
  },
  thresholds: recovery === '1' ? { 'delivery message': { lost: '= 0', duplicated: '= 0' } } : {},
})
