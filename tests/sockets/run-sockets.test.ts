import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { folderWith, readJson, run, runFolder } from '../support/plimsoll.ts'
import { type ChatServer, type Mischief, startChatServer } from './chat-server.ts'

let server: ChatServer

afterEach(() => server.close())

const over = {
  socketio: {
    begin: `user.state.socket = await user.io('/')
      await user.state.socket.request('join', { room: 'lobby' })`,
    say: `await user.state.socket.request('say', { room: 'lobby', id: user.unique('m'), text: 'hello' })`,
  },
  ws: {
    begin: `user.state.socket = await user.ws('/ws', { reconnect: { delay: '200ms' } })
      await user.state.socket.request({ type: 'join', room: 'lobby', re: 0 }, (m) => m.re === 0)`,
    say: `const re = user.random.integer(1, 1e9)
      await user.state.socket.request({ type: 'say', room: 'lobby', id: user.unique('m'), text: 'hello', re }, (m) => m.re === re)`,
  },
} as const

interface Talk {
  readonly begin: string
  readonly say: string
  readonly profile?: string
  readonly hold?: string
  readonly end?: string
  readonly deliveries?: string
  readonly thresholds?: string
}

const planFor = ({ begin, say, profile = '', hold = '3s', end = '', deliveries = '', thresholds = '' }: Talk) => `
import { journey, plan, users } from 'plimsoll'
export default plan({
  name: 'Chat',
  system: { url: '${server.url}' },
  begin: async (user) => { ${begin} },
  end: async (user) => { ${end} },
  journeys: [journey('talk', { think: '100ms..300ms' }, async (user) => { ${say} })],
  deliveries: { said: {
    join: { event: 'join', room: 'room' }, publish: { event: 'say', room: 'room', key: 'id' },
    receive: { event: 'said', room: 'room', key: 'id' }, grace: '500ms', ${deliveries}
  } },
  profiles: { smoke: { load: users.ramp('500ms', 20).hold('${hold}'), ${profile} } },
  thresholds: { ${thresholds} },
})`

async function result(plan: string, ...args: string[]) {
  const folder = folderWith(plan)
  const { code, stdout, stderr } = await run(folder, 'run', 'a.plan.ts', ...args)
  return { code, stdout, stderr, result: readJson(join(runFolder(folder), 'result.json')) }
}

async function begin(mischief?: Mischief): Promise<void> {
  server = await startChatServer(mischief)
}

describe.each(['socketio', 'ws'] as const)('deliveries over %s', (protocol) => {
  it('are all there when nothing is lost, from two workers too', async () => {
    await begin()
    const connect = protocol === 'ws' ? 'ws connect' : 'socketio connect'
    const thresholds = `'delivery said': { p95: '< 5s', lost: '= 0', duplicated: '= 0', foreign: '= 0' }, '${connect}': { p95: '< 5s' }`
    const { result: made } = await result(planFor({ ...over[protocol], thresholds }), '--workers', '2')
    const [said] = made.deliveries
    expect(said).toMatchObject({
      event: 'said',
      lost: 0,
      late: 0,
      duplicated: 0,
      out_of_order: 0,
      foreign: 0,
      unexpected: 0,
    })
    expect(said.received).toBe(said.expected)
    expect(said.published).toBeGreaterThan(100)
    // Twenty members, all of whom get every message sent after the ramp.
    expect(said.expected).toBeGreaterThan(said.published * 15)
    expect(said.p95).toBeGreaterThan(0)
    expect(made.thresholds.map((one: { verdict: string }) => one.verdict)).toEqual(['met', 'met', 'met', 'met', 'met'])
    expect(made.connections).toMatchObject([{ protocol, opened: 20, closed: 20, lost: 0, open: 0 }])
  })

  it('are counted as lost and doubled exactly as often as the server lost and doubled them', async () => {
    let lost = 0
    let doubled = 0
    await begin(({ n, member }) => {
      // Members that may just be joining are spared: whether they should have it nobody can tell.
      if (member >= 10) return 'deliver'
      if ((n * 7 + member) % 11 === 0) {
        lost++
        return 'lose'
      }
      if ((n * 5 + member) % 13 !== 0) return 'deliver'
      doubled++
      return 'double'
    })
    const spared = `if (user.index >= 10) await user.sleep('2s')`
    const plan = planFor({
      begin: `${spared}\n${over[protocol].begin}`,
      say: over[protocol].say,
      // The server would count as lost what it still sent to somebody who had just left: nobody leaves who may lose any.
      end: `if (user.index < 10) await user.sleep('1s')`,
    })
    const { result: made } = await result(plan, '--workers', '2')
    const [said] = made.deliveries
    expect(said.duplicated).toBe(doubled)
    // What was lost to a member that was only just coming in is uncertain, and told as such.
    expect(said.lost).toBeLessThanOrEqual(lost)
    expect(said.lost + said.uncertain).toBeGreaterThanOrEqual(lost)
    expect(said.lost).toBeGreaterThan(20)
    expect(said.received + said.lost).toBe(said.expected)
    expect(made.findings.map(({ id }: { id: string }) => id)).toEqual(
      expect.arrayContaining(['messages-lost', 'messages-duplicated']),
    )
  })

  it('that come back after an outage are found again, and what was missed is lost', async () => {
    await begin()
    const rejoin =
      protocol === 'ws'
        ? `user.state.socket.on('reconnect', () => user.state.socket.request({ type: 'join', room: 'lobby', re: 0 }, (m) => m.re === 0))`
        : `user.state.socket.onState('reconnect', () => user.state.socket.request('join', { room: 'lobby' }))`
    const { result: made } = await result(
      planFor({
        begin: `${over[protocol].begin}\n${rejoin}`,
        say: `if (user.state.socket.open) { ${over[protocol].say} }`,
        hold: '6s',
        profile: "outages: { after: '1500ms', share: '50%', offline: '500ms' }",
        thresholds: "reconnect: { p95: '< 20s', never: '= 0' }",
      }),
    )
    const [connections] = made.connections
    expect(connections).toMatchObject({ protocol, opened: 20, reconnected: connections.cut, neverBack: 0 })
    expect(connections.cut).toBeGreaterThan(5)
    expect(made.deliveries[0].lost).toBeGreaterThan(0)
    expect(made.thresholds.map((one: { verdict: string }) => one.verdict)).toEqual(['met', 'met'])
  })
})

describe('what does not fit', () => {
  it('a field that messages do not have ends the run with its name', async () => {
    await begin()
    const plan = planFor({ ...over.socketio, deliveries: 'toSender: true' }).replace(
      "key: 'id' }, grace",
      "key: 'message_id' }, grace",
    )
    const { code, stdout, stderr } = await result(plan)
    expect(code).toBe(2)
    expect(`${stdout}${stderr}`.replace(/\s+/g, ' ')).toContain(
      "deliveries.said.receive.key: the first message has no field 'message_id'; it has room, id, text",
    )
  })

  it('a server that refuses connections: a counted failure, and nobody met what they should have got', async () => {
    await begin()
    const { result: made } = await result(
      planFor({
        begin: `user.state.socket = await user.io(user.index % 2 === 0 ? '/' : '/nowhere', {})
          await user.state.socket.request('join', { room: 'lobby' })`,
        say: over.socketio.say,
        deliveries: "rooms: ['lobby'],",
      }),
    )
    const [said] = made.deliveries
    expect(made.errors).toEqual(
      expect.arrayContaining([expect.objectContaining({ code: 'SOCKETIO_REFUSED', name: 'socketio /nowhere' })]),
    )
    // Half of the users never came in, and should have got everything.
    expect(said.lost).toBeGreaterThan(said.expected * 0.3)
    expect(made.faults).toEqual([])
  })
})

it('server-sent events come, are waited for, and go on after a cut', async () => {
  await begin()
  const plan = `
import { journey, plan, users } from 'plimsoll'
export default plan({
  name: 'Ticks',
  system: { url: '${server.url}' },
  journeys: [journey('listen', async (user) => {
    const ticks = await user.sse('/ticks')
    const { lastEventId } = await ticks.waitFor(({ type }) => type === 'tick', { name: 'tick' })
    await ticks.cut({ offline: '100ms' })
    const next = await ticks.waitFor(() => true)
    user.check(next, { 'goes on after the last': (event) => Number(event.lastEventId) > Number(lastEventId) })
    ticks.close()
  })],
  profiles: { smoke: { load: users(3).iterations(2) } },
  thresholds: { 'check goes on after the last': '= 100%', 'sse connect': { count: '= 12' } },
})`
  const { result: made } = await result(plan)
  expect(made.connections).toMatchObject([{ protocol: 'sse', opened: 6, cut: 6, reconnected: 6, closed: 6, open: 0 }])
  expect(made.thresholds.map((one: { verdict: string }) => one.verdict)).toEqual(['met', 'met'])
})
