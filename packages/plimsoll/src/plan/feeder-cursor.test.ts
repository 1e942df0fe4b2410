import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FeederCursor, FeederDryError, feederCounter } from './feeder-cursor.ts'
import { createRandom } from './random.ts'
import type { Feeder } from './user.ts'

const feederOf = (
  rows: number,
  order: Feeder<number>['order'],
  dry: Feeder<number>['dry'] = 'stop',
): Feeder<number> => ({
  kind: 'feeder',
  id: 0,
  name: 'numbers.csv',
  rows: Array.from({ length: rows }, (_, i) => i),
  order,
  dry,
})

const cursors = (feeder: Feeder<number>, users: number): FeederCursor<number>[] => {
  const counter = feederCounter()
  return Array.from({ length: users }, (_, user) => new FeederCursor(feeder, counter, createRandom(1, user)))
}

/** Lets users ask in the given order and gathers what each call gave. */
function deal(all: readonly FeederCursor<number>[], asking: readonly number[]): (number | 'dry')[] {
  return asking.map((user) => {
    try {
      return (all[user % all.length] as FeederCursor<number>).next()
    } catch (error) {
      if (error instanceof FeederDryError) return 'dry'
      throw error
    }
  })
}

const asking = fc.array(fc.nat(20), { maxLength: 100 })

describe('FeederCursor', () => {
  test('shared: each row goes out once, over all users, and then no more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 8 }), asking, (rows, users, calls) => {
        const dealt = deal(cursors(feederOf(rows, 'shared'), users), calls)
        const given = dealt.filter((row) => row !== 'dry')
        expect(given).toEqual(Array.from({ length: Math.min(rows, calls.length) }, (_, i) => i))
        expect(dealt.length - given.length).toBe(Math.max(0, calls.length - rows))
      }),
    )
  })

  test('unique: no two users have one row, and each keeps its own', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 20 }), asking, (rows, users, calls) => {
        const rowOf = new Map<number, number | 'dry'>()
        const dealt = deal(cursors(feederOf(rows, 'unique', 'fail'), users), calls)
        for (const [i, call] of calls.entries()) {
          const user = call % users
          const row = dealt[i] as number | 'dry'
          expect(rowOf.get(user) ?? row).toBe(row)
          rowOf.set(user, row)
        }
        const kept = [...rowOf.values()].filter((row) => row !== 'dry')
        expect(new Set(kept).size).toBe(kept.length)
        expect(kept.length).toBe(Math.min(rows, rowOf.size))
      }),
    )
  })

  test('sequential: every user walks from the first row, and begins again', () => {
    const [first, second] = cursors(feederOf(3, 'sequential', 'repeat'), 2) as [
      FeederCursor<number>,
      FeederCursor<number>,
    ]
    expect([1, 2, 3, 4].map(() => first.next())).toEqual([0, 1, 2, 0])
    expect(second.next()).toBe(0)
  })

  test('random: the same user draws the same rows in every run, all of them in the end', () => {
    const draw = () => deal(cursors(feederOf(4, 'random'), 1), new Array<number>(50).fill(0))
    expect(draw()).toEqual(draw())
    expect(new Set(draw())).toEqual(new Set([0, 1, 2, 3]))
  })

  test('shared and unique begin again when asked to', () => {
    expect(deal(cursors(feederOf(2, 'shared', 'repeat'), 3), [0, 1, 2, 0, 1])).toEqual([0, 1, 0, 1, 0])
    expect(deal(cursors(feederOf(2, 'unique', 'repeat'), 3), [0, 1, 2, 2, 0])).toEqual([0, 1, 0, 0, 0])
  })

  test('a dry feeder says so, what to do, and whether the user ends or the iteration fails', () => {
    const thrown = (dry: 'stop' | 'fail'): FeederDryError => {
      const [cursor] = cursors(feederOf(1, 'shared', dry), 1) as [FeederCursor<number>]
      cursor.next()
      try {
        cursor.next()
      } catch (error) {
        return error as FeederDryError
      }
      throw new Error('was not dry')
    }
    expect(thrown('stop')).toMatchObject({ code: 'FEEDER_DRY', action: 'stop', feeder: 'numbers.csv' })
    expect(thrown('fail').action).toBe('fail')
    expect(thrown('fail').message).toBe("feeder 'numbers.csv' ran dry: its only row has been dealt")
  })

  test('asking a dry feeder over and over does not bring the first row back', () => {
    const counter = feederCounter()
    const cursor = new FeederCursor(feederOf(1, 'shared'), counter, createRandom(1))
    cursor.next()
    for (let i = 0; i < 100; i++) expect(() => cursor.next()).toThrow(FeederDryError)
    expect(counter[0]).toBe(1)
  })
})
