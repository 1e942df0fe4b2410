import fc from 'fast-check'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Allowance } from './allowance.ts'

beforeEach(() => vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => vi.useRealTimers())

const takeAll = (allowance: Allowance): number => {
  let taken = 0
  while (allowance.take()) taken++
  return taken
}

it('gives the burst at once, then so many a second, and never saves more than the burst', () => {
  const allowance = new Allowance(10, 50)
  expect(takeAll(allowance)).toBe(50)
  vi.advanceTimersByTime(1000)
  expect(takeAll(allowance)).toBe(10)
  vi.advanceTimersByTime(3_600_000)
  expect(takeAll(allowance)).toBe(50)
})

it('never gives more than burst and rate allow, however it is asked', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(500), { maxLength: 50 }), (waits) => {
      const allowance = new Allowance(10, 5)
      let [taken, passed] = [0, 0]
      for (const wait of waits) {
        vi.advanceTimersByTime(wait)
        passed += wait
        if (allowance.take()) taken++
      }
      expect(taken).toBeLessThanOrEqual(5 + (passed / 1000) * 10)
    }),
  )
})
