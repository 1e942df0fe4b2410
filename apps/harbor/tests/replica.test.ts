import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { migrateUp } from '../src/database/migrations.ts'
import { type Instance, migrations, startInstance } from './support/instance.ts'
import { people } from './support/people.ts'
import { startTestPostgres, type TestPostgres, withClient } from './support/postgres.ts'
import { startReplicatedPostgres } from './support/standby.ts'

let postgres: TestPostgres
let url: string
const opened: { close(): Promise<unknown> }[] = []

beforeAll(async () => {
  postgres = await startTestPostgres()
})
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close()
})
afterAll(() => postgres.stop())

/** A way to a Postgres that can be cut off. */
async function wayTo(database: string) {
  const to = new URL(database)
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    const other = connect(Number(to.port || 5432), to.hostname)
    for (const [one, end] of [
      [socket, other],
      [other, socket],
    ] as const) {
      sockets.add(one)
      one.pipe(end)
      one.on('error', () => undefined).on('close', () => end.destroy())
    }
  })
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }
  const port = await listen(0)
  const through = new URL(database)
  through.hostname = '127.0.0.1'
  through.port = String(port)
  return {
    url: through.href,
    open: () => listen(port),
    async close() {
      const closed = new Promise<unknown>((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

/** A harbor with that replica, a room in it, and a message. */
async function start(replica: string, more: Readonly<Record<string, string>> = {}) {
  const harbor = await startInstance(url, { environment: { DATABASE_REPLICA_URL: replica, ...more } })
  opened.push(harbor)
  await vi.waitUntil(async () => Number.isFinite(await lagOf(harbor)))
  const they = people(harbor)
  const { token, user } = (await they.register('ann')).body
  const made = await they.post<{ room: { id: string } }>('/api/rooms', { name: 'r', kind: 'room' }, undefined, token)
  const room = made.body.room.id
  const say = (content: string) => they.post('/api/messages', { room_id: room, content }, undefined, token)
  await say('hello')
  /** What there is, in pages of so many: each number asks Postgres anew. */
  const read = async (limit: number) => {
    const list = async (path: string) => {
      const { status, body } = await they.get<Record<string, readonly { id: string }[]>>(`${path}limit=${limit}`, token)
      expect(status).toBe(200)
      return Object.values(body)[0]?.map(({ id }) => id)
    }
    return {
      users: await list('/api/users?'),
      rooms: await list('/api/rooms?'),
      messages: (await list(`/api/messages?room=${room}&`))?.length,
      found: (await list('/api/messages/search?q=hello&'))?.length,
    }
  }
  return { harbor, read, say, whole: { users: [user.id], rooms: [room], messages: 1, found: 1 } }
}

async function lagOf({ metrics }: Instance): Promise<number | undefined> {
  const found = await metrics.registry.getSingleMetric('database_replica_lag_seconds')?.get()
  return found?.values[0]?.value
}

async function outcomes({ metrics }: Instance): Promise<Readonly<Record<string, number>>> {
  const { values } = (await metrics.registry.getSingleMetric('database_replica_reads_total')?.get()) ?? { values: [] }
  return Object.fromEntries(values.map(({ labels, value }) => [labels['outcome'], value]))
}

it('reads lists, history and searches from the replica; from the primary while that is away, and no client sees it', async () => {
  url = await postgres.database()
  const way = await wayTo(url)
  opened.push(way)
  const { harbor, read, whole } = await start(way.url)
  const before = (await outcomes(harbor))['answered'] ?? 0
  expect(await read(10)).toEqual(whole)
  expect(await outcomes(harbor)).toMatchObject({ answered: before + 4 })

  await way.close()
  for (const limit of [11, 12, 13]) expect(await read(limit)).toEqual(whole)
  // Three at a time: the page of messages is the same, and cached.
  expect(await outcomes(harbor)).toMatchObject({ answered: before + 4, away: 9 })

  await way.open()
  let limit = 20
  await vi.waitUntil(async () => {
    expect(await read(limit++)).toEqual(whole)
    return ((await outcomes(harbor))['answered'] ?? 0) > before + 4
  })
})

it('shows everyone what they wrote, however far the replica is behind', async () => {
  url = await postgres.database()
  const empty = await postgres.database()
  await migrateUp(empty, migrations)
  const { harbor, read, whole } = await start(empty)
  // A search finds what the replica has.
  expect(await read(10)).toEqual({ ...whole, found: 0 })
  expect(await outcomes(harbor)).toMatchObject({ behind: 3 })
})

it('reads all from the primary while the replica is further behind than it may be, and from the replica afterwards', async () => {
  const { primary, standby, stop } = await startReplicatedPostgres({ synchronous: false })
  opened.push({ close: stop })
  url = primary.url
  const { harbor, read, say } = await start(standby.url, { HARBOR_REPLICA_LAG_MS: '200' })
  let limit = 10
  /** Until so many are found by where a search asks. */
  const untilFound = (found: number) => vi.waitUntil(async () => (await read(limit++)).found === found, 20_000)
  const untilMore = (outcome: string, than = 0) =>
    vi.waitUntil(async () => {
      await read(limit++)
      return ((await outcomes(harbor))[outcome] ?? 0) > than
    }, 20_000)
  await untilFound(1)
  await untilMore('answered')
  await withClient(standby.url, (client) => client.query('SELECT pg_wal_replay_pause()'))
  await say('hello again')
  await untilFound(2)
  expect((await outcomes(harbor))['late']).toBeGreaterThan(0)
  expect(await (await fetch(`${harbor.url}/metrics`)).text()).toMatch(/^database_replica_lag_seconds 0\.[2-9]/m)

  const { answered = 0 } = await outcomes(harbor)
  await withClient(standby.url, (client) => client.query('SELECT pg_wal_replay_resume()'))
  await untilMore('answered', answered)
  await untilFound(2)
})
