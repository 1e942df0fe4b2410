import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { millis } from '../../base/units.ts'
import { Recorder } from '../recorder.ts'
import { createDeliveryLedger } from './ledger.ts'
import { COUNTED, judgeAll, noSums, type Sums } from './testing/oracle.ts'
import { type Call, EVENT, GRACE, generator, perform, play, type World } from './testing/scenario.ts'
import type { LedgerNews } from './types.ts'

const worlds: fc.Arbitrary<World> = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  users: fc.integer({ min: 1, max: 7 }),
  actions: fc.integer({ min: 1, max: 120 }),
  isNumbered: fc.boolean(),
  disorder: fc.double({ min: 0, max: 1, noNaN: true }),
})

/** Deals users to workers, whose news come late and in any interleaving, and adds up what they count. */
function run(calls: readonly Call[], workers: number, toSender: boolean, seed: number): Sums {
  const random = generator(seed)
  const ledgers = Array.from({ length: workers }, (_, worker) =>
    createDeliveryLedger({ worker, workers, recorder: new Recorder() }),
  )
  for (const ledger of ledgers) ledger.declare(EVENT, { toSender, grace: GRACE })
  const underWay = ledgers.map(() => ledgers.map((): LedgerNews[] => []))
  const sums = noSums()
  const tell = (from: number, now: number) => {
    const news = ledgers[from]!.takeNews(millis(now))
    underWay[from]!.forEach((queue, to) => {
      if (to !== from) queue.push(news)
    })
  }
  const hear = (from: number, to: number) => {
    const news = underWay[from]![to]!.shift()
    if (news !== undefined) ledgers[to]!.hear(news)
    return news !== undefined
  }
  const collect = () => {
    for (const ledger of ledgers) {
      for (const counts of ledger.take().counts) for (const name of COUNTED) sums[name] += counts[name]
    }
  }
  const any = () => Math.floor(random() * workers)
  let end = 0
  for (const call of calls) {
    end = call.at
    perform(ledgers[call.user % workers]!, call)
    if (random() < 0.1) tell(any(), end)
    if (random() < 0.4) hear(any(), any())
    if (random() < 0.2) ledgers[any()]!.tend(millis(end))
    if (random() < 0.05) collect()
  }
  // Twice: receipts that waited for the first may tell numbers in the second.
  for (let round = 0; round < 2; round++) {
    for (let worker = 0; worker < workers; worker++) tell(worker, end)
    for (let from = 0; from < workers; from++) for (let to = 0; to < workers; to++) while (hear(from, to)) {}
  }
  for (const ledger of ledgers) ledger.settle(millis(end + 1000))
  collect()
  return sums
}

describe('the delivery ledger', () => {
  it('counts what one who keeps everything would count, whatever the number of workers', () => {
    fc.assert(
      fc.property(worlds, fc.boolean(), (world, toSender) => {
        const calls = play(world)
        const truth = judgeAll(calls, toSender)
        expect(truth.received + truth.lost).toBe(truth.expected)
        for (const workers of [1, 2, 3]) expect(run(calls, workers, toSender, world.seed)).toEqual(truth)
      }),
      { numRuns: 300 },
    )
  })
})
