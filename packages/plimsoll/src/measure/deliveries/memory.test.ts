import { describe, expect, it } from 'vitest'
import { millis } from '../../base/units.ts'
import { Recorder } from '../recorder.ts'
import { createDeliveryLedger } from './ledger.ts'
import { EVENT, GRACE } from './testing/scenario.ts'

const MB = 1024 * 1024

/** Every member receives every message, 1 ms apart; `loser`, if any, receives none. */
function run({ members, messages, loser }: { members: number; messages: number; loser?: number }) {
  const ledger = createDeliveryLedger({ worker: 0, workers: 1, recorder: new Recorder() })
  ledger.declare(EVENT, { toSender: true, grace: GRACE })
  for (let user = 0; user < members; user++) ledger.joined(EVENT, user, 'a', millis(0), undefined)
  let peak = 0
  const sums = { expected: 0, received: 0, lost: 0, settledEarly: 0, unexpected: 0, duplicated: 0 }
  const take = () => {
    for (const counts of ledger.take().counts) {
      for (const name of Object.keys(sums) as (keyof typeof sums)[]) sums[name] += counts[name]
    }
  }
  for (let n = 0; n < messages; n++) {
    const at = 1000 + n
    const key = `0b6f1c52-9d1e-4b7a-8c55-${n}`
    ledger.published(EVENT, n % members, 'a', key, millis(at), millis(at))
    for (let user = 0; user < members; user++) {
      if (user !== loser) ledger.received(EVENT, user, 'a', key, millis(at), undefined)
    }
    if (n % 1000 !== 999) continue
    ledger.tend(millis(at))
    take()
    peak = Math.max(peak, ledger.memory.bytes)
  }
  const { memory } = ledger
  ledger.settle(millis(10_000_000))
  take()
  return { sums, peak, memory }
}

describe('the memory of the ledger', () => {
  it('does not grow with a million messages that everybody gets', { timeout: 60_000 }, () => {
    const { sums, peak, memory } = run({ members: 2, messages: 1_000_000 })
    expect(sums).toMatchObject({ expected: 2_000_000, received: 2_000_000, lost: 0, settledEarly: 0, duplicated: 0 })
    expect(memory.openMessages).toBeLessThanOrEqual(1000)
    expect(peak).toBeLessThan(50 * MB)
  })

  it('is bounded where messages get lost: the oldest are settled early, and still add up', { timeout: 60_000 }, () => {
    const { sums, peak, memory } = run({ members: 2, messages: 300_000, loser: 1 })
    expect(sums).toMatchObject({ expected: 600_000, received: 300_000, lost: 300_000, settledEarly: 100_000 })
    expect(memory.openMessages).toBe(200_000)
    expect(peak).toBeLessThan(200 * MB)
  })

  it('carries 10,000 receivers in one room, with a thousand messages open', { timeout: 60_000 }, () => {
    const { sums, peak } = run({ members: 10_000, messages: 1000, loser: 5 })
    expect(sums).toMatchObject({ expected: 10_000_000, received: 9_999_000, lost: 1000, settledEarly: 0 })
    expect(peak).toBeLessThan(16 * MB)
  })

  it('uses the slots of old memberships again, and drops rooms that nobody is in', { timeout: 60_000 }, () => {
    const ledger = createDeliveryLedger({ worker: 0, workers: 1, recorder: new Recorder() })
    ledger.declare(EVENT, { toSender: true, grace: GRACE })
    let peak = 0
    for (let n = 0; n < 10_000; n++) {
      const at = n * 10
      const user = n % 50
      ledger.joined(EVENT, user, 'a', millis(at), undefined)
      ledger.joined(EVENT, user, `own-${n}`, millis(at), undefined)
      ledger.published(EVENT, user, 'a', `k-${n}`, millis(at), millis(at))
      ledger.received(EVENT, user, 'a', `k-${n}`, millis(at + 1), undefined)
      ledger.gone(user, millis(at + 5))
      if (n % 100 === 0) ledger.tend(millis(at + 5))
      peak = Math.max(peak, n % 1000 === 0 ? ledger.memory.bytes : 0)
    }
    expect(peak).toBeLessThan(16 * MB)
  })
})
