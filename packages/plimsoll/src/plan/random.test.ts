import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRandom } from './random.ts'

const take = (count: number, random: () => number) => Array.from({ length: count }, random)

describe('createRandom', () => {
  test('the same seed and path give the same numbers; any other path gives others', () => {
    expect(take(50, createRandom(7, 'user', 3))).toEqual(take(50, createRandom(7, 'user', 3)))
    const others = [
      createRandom(8, 'user', 3),
      createRandom(7, 'user', 4),
      createRandom(7, 'use', 'r', 3),
      createRandom(7),
    ]
    for (const other of others) expect(take(5, other)).not.toEqual(take(5, createRandom(7, 'user', 3)))
  })

  test('seeds above 32 bits and neighbouring seeds differ', () => {
    const firsts = new Set([1, 2, 3, 2 ** 32 + 1, 2 ** 33 + 1].map((seed) => createRandom(seed)()))
    expect(firsts.size).toBe(5)
  })

  test('is flat: 16 bins of 160,000 draws pass a chi-squared test at p = 0.001', () => {
    const random = createRandom(1, 'flat')
    const bins = new Array<number>(16).fill(0)
    for (let i = 0; i < 160_000; i++) bins[Math.floor(random() * 16)]! += 1
    const chiSquared = bins.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0)
    expect(chiSquared).toBeLessThan(37.7)
  })

  test('users next to each other are not correlated', () => {
    const firsts = Array.from({ length: 20_000 }, (_, user) => createRandom(1, 'user', user)())
    const product = firsts.slice(1).reduce((sum, value, i) => sum + (value - 0.5) * ((firsts[i] as number) - 0.5), 0)
    expect(Math.abs((12 * product) / 19_999)).toBeLessThan(0.03)
  })

  test('integers stay in their range, both ends included', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: -1000, max: 1000 }), fc.nat(2000), (seed, min, span) => {
        const random = createRandom(seed)
        for (let i = 0; i < 20; i++) {
          const value = random.integer(min, min + span)
          expect(Number.isInteger(value) && value >= min && value <= min + span).toBe(true)
        }
      }),
    )
    const random = createRandom(3)
    expect(new Set(Array.from({ length: 200 }, () => random.integer(1, 3)))).toEqual(new Set([1, 2, 3]))
    expect(() => random.integer(3, 1)).toThrow('must not exceed')
  })

  test('picks, chances, strings and UUIDs', () => {
    const random = createRandom(5)
    expect(new Set(Array.from({ length: 100 }, () => random.pick(['a', 'b'])))).toEqual(new Set(['a', 'b']))
    expect(() => random.pick([])).toThrow('nothing to pick')
    expect(random.chance(0)).toBe(false)
    expect(random.chance(1)).toBe(true)
    expect(random.string(12)).toMatch(/^[A-Za-z0-9]{12}$/)
    expect(random.uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })
})
