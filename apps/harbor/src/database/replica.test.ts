import pg from 'pg'
import { expect, it } from 'vitest'
import { readsFrom } from './replica.ts'

const primary = { name: 'primary' } as unknown as pg.Pool
const replica = { name: 'replica' } as unknown as pg.Pool
const away = new Error('connection terminated')
const outOfTime = Object.assign(new pg.DatabaseError('canceling statement', 0, 'error'), { code: '57014' })

/** Reads with a replica that finds so much, or fails; the primary finds 3. */
async function read(finds: number | Error, isWhole?: (found: number) => boolean, isLate = false) {
  const outcomes: string[] = []
  const asked: pg.Pool[] = []
  const reads = readsFrom({ primary, replica, isLate: () => isLate, observe: (outcome) => outcomes.push(outcome) })
  const found = await reads(async (pool) => {
    asked.push(pool)
    if (pool === primary) return 3
    if (finds instanceof Error) throw finds
    return finds
  }, isWhole).catch((error: unknown) => error)
  return { found, outcomes, asked }
}

it.each([
  ['takes what the replica says', 2, undefined, 2, ['answered'], [replica]],
  ['takes what the replica says when it is whole', 3, 3, 3, ['answered'], [replica]],
  ['asks the primary for what the replica has not yet', 2, 3, 3, ['behind'], [replica, primary]],
  ['asks the primary when the replica is away', away, 3, 3, ['away'], [replica, primary]],
  ['gives up what took too long, and burdens the primary with nothing', outOfTime, undefined, outOfTime, [], [replica]],
])('%s', async (_, finds, all, found, outcomes, asked) => {
  const isWhole = all === undefined ? undefined : (count: number) => count >= all
  expect(await read(finds, isWhole)).toEqual({ found, outcomes, asked })
})

it('asks the primary only while the replica is late', async () => {
  expect(await read(3, undefined, true)).toEqual({ found: 3, outcomes: ['late'], asked: [primary] })
})

it('asks the primary when there is no replica, and once', async () => {
  const asked: pg.Pool[] = []
  const reads = readsFrom({ primary, replica: undefined, isLate: () => true, observe: () => expect.unreachable() })
  const found = await reads(
    async (pool) => asked.push(pool),
    () => false,
  )
  expect([found, asked]).toEqual([1, [primary]])
})
