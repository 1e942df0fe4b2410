import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GroupCommit, type Outcomes } from './group-commit.ts'

const away = new Error('away')
const full = new Error('full')

/** A group commit whose commits end when the test says so. */
function controlled(limits: { maxBatch?: number; maxWaiting?: number; maxWaitingBytes?: number } = {}) {
  const batches: {
    items: readonly string[]
    finish: (outcomes?: Outcomes<string>) => void
    fail: (e: Error) => void
  }[] = []
  let started: () => void = () => undefined
  const commits = new GroupCommit<string, string>({
    maxBatch: 3,
    maxWaiting: 5,
    maxWaitingBytes: 1000,
    ...limits,
    refuse: () => full,
    concernsAll: (error) => error === away,
    commit: (items) =>
      new Promise((resolve, reject) => {
        const finish = (outcomes = items.map((item) => item.toUpperCase()) as Outcomes<string>) => resolve(outcomes)
        batches.push({ items, finish, fail: reject })
        started()
      }),
  })
  return {
    commits,
    batches,
    /** Resolves when the batch with this index has begun. */
    async batch(index: number) {
      while (batches[index] === undefined) {
        await new Promise<void>((resolve) => {
          started = resolve
        })
      }
      return batches[index] as (typeof batches)[number]
    },
  }
}

describe('GroupCommit', () => {
  it('commits what comes in one turn together, and what comes meanwhile in the next batches', async () => {
    const { commits, batch } = controlled()
    const first = [commits.submit('a', 1), commits.submit('b', 1)]
    const one = await batch(0)
    const later = ['c', 'd', 'e', 'f'].map((item) => commits.submit(item, 1))
    expect(one.items).toEqual(['a', 'b'])
    one.finish()
    expect(await Promise.all(first)).toEqual(['A', 'B'])
    const two = await batch(1)
    expect(two.items).toEqual(['c', 'd', 'e'])
    two.finish()
    const three = await batch(2)
    expect(three.items).toEqual(['f'])
    three.finish()
    expect(await Promise.all(later)).toEqual(['C', 'D', 'E', 'F'])
    await commits.idle()
  })

  it('refuses above its limits, and takes again when there is room', async () => {
    const { commits, batch } = controlled({ maxWaiting: 2 })
    const first = commits.submit('a', 1)
    const one = await batch(0)
    const waiting = [commits.submit('b', 1), commits.submit('c', 1)]
    await expect(commits.submit('d', 1)).rejects.toBe(full)
    one.finish()
    await first
    ;(await batch(1)).finish()
    expect(await Promise.all(waiting)).toEqual(['B', 'C'])
    const again = commits.submit('e', 1)
    ;(await batch(2)).finish()
    expect(await again).toBe('E')
  })

  it('bounds the bytes that wait, but never refuses a single item for its size', async () => {
    const { commits, batch } = controlled({ maxWaitingBytes: 10 })
    const large = commits.submit('large', 99)
    await expect(commits.submit('small', 1)).rejects.toBe(full)
    ;(await batch(0)).finish()
    expect(await large).toBe('LARGE')
  })

  it('rejects everyone at once when the failure concerns all', async () => {
    const { commits, batch, batches } = controlled()
    const first = commits.submit('a', 1)
    const one = await batch(0)
    const waiting = [commits.submit('b', 1), commits.submit('c', 1)]
    one.fail(away)
    expect((await Promise.allSettled([first, ...waiting])).map((result) => result.status)).toEqual(
      Array(3).fill('rejected'),
    )
    expect(batches).toHaveLength(1)
    const again = commits.submit('d', 1)
    ;(await batch(1)).finish()
    expect(await again).toBe('D')
  })

  it('commits one by one after a failure that may concern one item only', async () => {
    const bad = new Error('bad item')
    const seen: string[][] = []
    const commits = new GroupCommit<string, string>({
      maxBatch: 10,
      maxWaiting: 10,
      maxWaitingBytes: 1000,
      refuse: () => full,
      concernsAll: () => false,
      commit: async (items) => {
        seen.push([...items])
        if (items.includes('bad')) throw bad
        return items
      },
    })
    const results = await Promise.allSettled(['a', 'bad', 'c'].map((item) => commits.submit(item, 1)))
    expect(results.map((result) => (result.status === 'fulfilled' ? result.value : result.reason))).toEqual([
      'a',
      bad,
      'c',
    ])
    expect(seen).toEqual([['a', 'bad', 'c'], ['a'], ['bad'], ['c']])
  })

  it('answers everyone exactly once, in order, whatever the timing', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.nat(3), { minLength: 1, maxLength: 40 }),
        async (scheduler, pauses) => {
          const written: number[] = []
          const commit = scheduler.scheduleFunction(async (items: readonly number[]) => {
            written.push(...items)
            return items.map((item) => (item % 7 === 3 ? new Error(String(item)) : item))
          })
          const commits = new GroupCommit<number, number>({
            maxBatch: 4,
            maxWaiting: 1000,
            maxWaitingBytes: 1000,
            refuse: () => full,
            concernsAll: () => true,
            commit,
          })
          const answers: Promise<number>[] = []
          for (const [item, pause] of pauses.entries()) {
            answers.push(commits.submit(item, 1))
            for (let turn = 0; turn < pause; turn += 1) await new Promise(setImmediate)
          }
          const settled = Promise.allSettled(answers)
          await scheduler.waitFor(settled)
          const results = await settled
          expect(written).toEqual(pauses.map((_, item) => item))
          expect(
            results.map((result) => (result.status === 'fulfilled' ? result.value : Number(result.reason.message))),
          ).toEqual(written)
          await commits.idle()
        },
      ),
      { numRuns: 50 },
    )
  })
})
