import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { migrateUp } from '../src/database/migrations.ts'
import { type Instance, migrations, startInstance } from './support/instance.ts'
import { people } from './support/people.ts'
import { startTestPostgres, type TestPostgres } from './support/postgres.ts'

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
async function start(replica: string) {
  const harbor = await startInstance(url, { environment: { DATABASE_REPLICA_URL: replica } })
  opened.push(harbor)
  const they = people(harbor)
  const { token, user } = (await they.register('ann')).body
  const made = await they.post<{ room: { id: string } }>('/api/rooms', { name: 'r', kind: 'room' }, undefined, token)
  const room = made.body.room.id
  await they.post('/api/messages', { room_id: room, content: 'hello' }, undefined, token)
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
  return { harbor, read, whole: { users: [user.id], rooms: [room], messages: 1, found: 1 } }
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
  expect(await outcomes(harbor)).toEqual({ answered: before + 4 })

  await way.close()
  for (const limit of [11, 12, 13]) expect(await read(limit)).toEqual(whole)
  // Three at a time: the page of messages is the same, and cached.
  expect(await outcomes(harbor)).toEqual({ answered: before + 4, away: 9 })

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
