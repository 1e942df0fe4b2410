import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { PrimaryFinder, primaryUrl } from '../src/database/primary.ts'
import { type Instance, startInstance } from './support/instance.ts'
import { Member } from './support/member.ts'
import { people } from './support/people.ts'
import { withClient } from './support/postgres.ts'
import { type ReplicatedPostgres, startReplicatedPostgres } from './support/standby.ts'
import { dialPlain, dialSocketIo } from './support/talk.ts'

let postgres: ReplicatedPostgres
let harbor: Instance | undefined
beforeEach(async () => {
  postgres = await startReplicatedPostgres({ synchronous: true })
})
afterEach(async () => {
  await harbor?.close()
  harbor = undefined
  await postgres.stop()
})

/** Resolves when the standby streams, and commits wait for it. */
const isSynchronous = () =>
  vi.waitUntil(
    () =>
      withClient(postgres.primary.url, async (client) => {
        const { rows } = await client.query("SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'")
        return rows.length === 1
      }),
    20_000,
  )

it('goes on at the standby that was promoted, with every message and lock that was acknowledged', async () => {
  await isSynchronous()
  harbor = await startInstance(postgres.url, { connectTimeout: 500 })
  const { url } = harbor
  const they = people(harbor)
  const { token } = (await they.register('ann')).body
  const made = await they.post<{ room: { id: string } }>('/api/rooms', { name: 'r', kind: 'room' }, undefined, token)
  const room = made.body.room.id
  const device = await harbor.enroll('device')
  const members = [dialPlain, dialSocketIo].map((dial) => new Member(room, token, dial, () => [url]))
  const lives = members.map((member) => member.live())
  const locked: string[] = []
  let said = 0
  const trickle = async (until: () => boolean) => {
    for (; !until(); await delay(10)) {
      for (const member of members) member.say(`m${said++}`)
      const capture = `c${said}`
      const { status } = await they.post(
        '/lock-proof',
        { capture_id: capture, proof_data: 'data', metadata: {} },
        undefined,
        device,
      )
      if (status === 200) locked.push(capture)
      else expect(status).toBe(503)
    }
  }
  const acknowledged = () => members.reduce((sum, member) => sum + member.acknowledged.size, 0)

  await trickle(() => acknowledged() >= 40)
  await postgres.primary.kill()
  const [atDeath, lockedAtDeath] = [acknowledged(), locked.length]
  let ready = (await harbor.send('GET', '/health/ready')).status
  expect(ready).toBe(503)
  const promoted = postgres.promote()
  await trickle(() => acknowledged() >= atDeath + 40 && locked.length >= lockedAtDeath + 10)
  await promoted
  ready = (await harbor.send('GET', '/health/ready')).status
  expect(ready).toBe(200)
  await vi.waitUntil(() => members.every(({ isDone, last }) => isDone && last === said), 20_000)
  for (const member of members) member.stop()
  await Promise.all(lives)

  expect(members.flatMap(({ wrong }) => wrong)).toEqual([])
  const { rows } = await withClient(postgres.standby.url, (client) =>
    client.query<{ seq: number; client_id: string }>('SELECT seq::int, client_id FROM messages ORDER BY seq'),
  )
  expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: said }, (_, index) => index + 1))
  const stored = new Map(rows.map(({ seq, client_id }) => [client_id, seq]))
  for (const member of members)
    for (const [name, seq] of member.acknowledged) expect([name, stored.get(name)]).toEqual([name, seq])
  const captures = new Set((await harbor.walk(device)).map(({ capture_id }) => capture_id))
  expect(locked.filter((capture) => !captures.has(capture))).toEqual([])
  expect((await harbor.verify()).body.valid).toBe(true)
})

it('acknowledges nothing that the synchronous standby has not, and has it once when that is back', async () => {
  await isSynchronous()
  harbor = await startInstance(postgres.url, { connectTimeout: 500, statementTimeout: 300 })
  const device = await harbor.enroll('device')
  expect((await harbor.lock(device, 'before')).status).toBe(200)
  await postgres.standby.kill()
  expect((await harbor.lock(device, 'during')).status).toBe(503)
  await postgres.standby.start()
  await isSynchronous()
  await vi.waitUntil(async () => (await harbor?.lock(device, 'during'))?.status === 200, 20_000)
  expect((await harbor.walk(device)).map(({ capture_id }) => capture_id)).toEqual(['before', 'during'])
})

it('goes on at the standby though the old primary keeps its connections, and answers nothing', async () => {
  await isSynchronous()
  harbor = await startInstance(postgres.url, { connectTimeout: 500, statementTimeout: 300 })
  const device = await harbor.enroll('device')
  expect((await harbor.lock(device, 'before')).status).toBe(200)
  await postgres.primary.freeze()
  await postgres.promote()
  await vi.waitUntil(async () => (await harbor?.lock(device, 'after'))?.status === 200, 20_000)
  // Each connection that hangs costs one request its time.
  await vi.waitUntil(async () => (await harbor?.entries(device))?.status === 200, 20_000)
  expect((await harbor.walk(device)).map(({ capture_id }) => capture_id)).toEqual(['before', 'after'])
})

it('the primary is found in whatever order they are named, and is never one from before a promotion, though it came back', async () => {
  const { primary, standby, url } = postgres
  const moved: number[] = []
  const finder = new PrimaryFinder(url, 2_000, ({ port }) => moved.push(port))
  expect((await finder.find()).port).toBe(primary.port)
  expect(await primaryUrl(url.replace(/@(.+),(.+)\/postgres/, '@$2,$1/postgres'))).toBe(primary.url)
  await primary.kill()
  await expect(finder.find()).rejects.toThrow(
    new RegExp(`No host .* ECONNREFUSED .*:${primary.port}; 127.0.0.1:${standby.port} is a standby`),
  )
  await postgres.promote()
  expect((await finder.find()).port).toBe(standby.port)
  await primary.start()
  expect((await finder.find()).port).toBe(standby.port)
  // As one that did not see any of this.
  expect(await primaryUrl(url)).toBe(standby.url)
  await standby.kill()
  await expect(finder.find()).rejects.toThrow(`127.0.0.1:${primary.port} was the primary before another was promoted`)
  expect(moved).toEqual([standby.port])
})
