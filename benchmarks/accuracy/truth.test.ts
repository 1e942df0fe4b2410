import { describe, expect, it } from 'vitest'
import { expected, isWithinBar, truthOf } from './truth.ts'

/** Even arrivals at a server that freezes during [2, 3) of every 5 seconds. */
const frozen = (rate: number, seconds: number) =>
  Array.from({ length: rate * seconds }, (_, i) => {
    const arrival = (i * 1000) / rate
    const phase = (arrival + 5) % 5000
    const due = phase >= 2000 && phase < 3000 ? arrival + 5 - phase + 3000 : arrival + 5
    return { arrival, due, sent: due }
  })

describe('truthOf', () => {
  it('is the server’s own record', () => {
    const served = Array.from({ length: 100 }, (_, i) => ({
      arrival: i,
      due: i + 5,
      sent: i + 5 + (i === 7 ? 0.5 : 0.001),
    }))
    const truth = truthOf(served)
    expect(truth.arrivals).toBe(100)
    expect(truth.residence.p50).toBeCloseTo(5.001)
    expect(truth.residence['p99.9']).toBeCloseTo(5.5)
    expect(truth.lateness.p50).toBeCloseTo(1)
    expect(truth.lateness.max).toBeCloseTo(500)
  })

  it('does not call a server late that releases all at once', () => {
    const served = [0, 1, 2, 3].map((i) => ({ arrival: i, due: 3000, sent: 3000 + i }))
    expect(truthOf(served).lateness.max).toBe(0)
  })

  it('knows the freezing server: a fifth of even arrivals waits up to a second', () => {
    const { residence, frozen: share } = truthOf(frozen(500, 20))
    expect(share).toBeCloseTo(0.2, 2)
    expect(residence.p50).toBeCloseTo(5)
    // Within the gap of 2 ms between two arrivals.
    for (const [name, ms] of [
      ['p90', 505],
      ['p95', 755],
      ['p99', 955],
    ] as const) {
      expect(Math.abs(residence[name] - ms)).toBeLessThanOrEqual(2)
    }
  })
})

describe('expected', () => {
  const ideal = truthOf(frozen(500, 20))
  // Waits for answers: nothing is sent while the server is frozen.
  const waiting = truthOf(frozen(500, 20).filter(({ arrival, due }) => due - arrival < 6))

  it('holds who kept to the schedule against the own record', () => {
    expect(expected('stall', ideal, undefined)).toBe(ideal.residence)
    expect(expected('fixed', waiting, ideal)).toBe(waiting.residence)
  })

  it('holds who waited for the frozen server against what the schedule would have met', () => {
    expect(expected('stall', waiting, ideal)).toBe(ideal.residence)
    expect(Math.round(expected('stall', waiting, undefined).p95)).toBe(755)
  })
})

describe('isWithinBar', () => {
  it.each([
    ['fixed', 'p95', 5.19, 5, true],
    ['fixed', 'p95', 5.21, 5, false],
    ['fixed', 'p99', 5.99, 5, true],
    ['bimodal', 'p99', 207, 200, false],
    ['bimodal', 'p99', 194.1, 200, true],
    ['stall', 'p90', 509, 505, true],
    ['stall', 'p90', 511, 505, false],
    ['stall', 'p50', 5.19, 5, true],
  ] as const)('%s %s: %d of %d is %s', (mode, name, reported, truth, held) => {
    expect(isWithinBar(mode, name, reported, truth)).toBe(held)
  })
})
