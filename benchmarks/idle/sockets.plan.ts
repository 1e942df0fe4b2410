import { journey, plan, type User, users } from 'plimsoll'

const count = Number(process.env['IDLE_USERS'] ?? 10_000)
const overSocketIo = process.env['PROTOCOL'] === 'socketio'

const idle = journey('idle', (user) => user.sleep('10m'))

/** Each stays connected; Socket.IO's heartbeat goes on. */
async function connect(user: User): Promise<void> {
  if (overSocketIo) await user.io('/')
  else await user.ws('/')
}

// A thousand users a second: what is measured is what they weigh, not how fast they come.
export default plan({
  name: 'Idle sockets',
  system: { url: 'http://127.0.0.1:1/' },
  begin: connect,
  // By itself where 20,000 users are in one process.
  http: { sourceAddresses: 'spread' },
  journeys: [idle],
  profiles: {
    idle: {
      load: users
        .ramp(`${Math.max(1, count / 1000)}s`, count)
        .hold('2m')
        .gracefulStop('1s'),
    },
  },
})
