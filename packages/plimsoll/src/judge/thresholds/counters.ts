import { nearestNames } from '../../base/nearest-names.ts'
import { type Millis, rateOf, share } from '../../base/units.ts'
import type { ThresholdSpec, ThresholdSubject } from '../../plan/compiled.ts'
import type { RunRecord, Totals } from '../../record/run-record.ts'
import { nothing, type Reading } from './reading.ts'

type Counter = Extract<ThresholdSubject, { kind: 'counter' }>['name']
type Statistic = ThresholdSpec['statistic']['kind']

/** A count, and the whole that it is a part of. */
interface Tally {
  readonly count: number
  readonly part: number
  readonly whole: number
  /** What there was none of when `whole` is 0. */
  readonly of: string
}

/** `errors`, `checks`, `dropped`, `iterations`, `bytes`: of the judged part, rates over its length. */
export function readCounter({ judgedTotals, judged }: RunRecord, name: Counter, statistic: Statistic): Reading {
  if (name === 'errors') return readErrors(judgedTotals, judged.duration, statistic)
  return readTally(tallyOf(judgedTotals, name), judged.duration, statistic)
}

/** The share of one check that passed. */
export function readCheck(record: RunRecord, name: string): Reading {
  const check = record.checks.find((one) => one.name === name)
  if (check === undefined) {
    const names = record.checks.map((one) => one.name)
    return nothing(`no check was named "${name}"; ${nearestNames(name, names)}`)
  }
  const { passed, failed } = check.judged
  return readTally(
    { count: passed, part: passed, whole: passed + failed, of: 'such check' },
    record.judged.duration,
    'share',
  )
}

function tallyOf(totals: Totals, name: Exclude<Counter, 'errors'>): Tally {
  switch (name) {
    case 'iterations':
      return {
        count: totals.iterations,
        part: totals.iterations - totals.failedIterations - totals.abortedIterations,
        whole: totals.iterations,
        of: 'iteration',
      }
    case 'dropped':
      return { count: totals.dropped, part: totals.dropped, whole: totals.scheduled, of: 'iteration' }
    case 'checks': {
      const all = totals.checksPassed + totals.checksFailed
      return { count: all, part: totals.checksPassed, whole: all, of: 'check' }
    }
    case 'bytes': {
      const all = totals.bytesSent + totals.bytesReceived
      return { count: all, part: all, whole: all, of: 'byte' }
    }
  }
}

/**
 * Requests that failed, or iterations that threw, whichever is the larger share: a journey that throws on every answer
 * is broken even where every answer was a 200.
 */
function readErrors(totals: Totals, duration: Millis, statistic: Statistic): Reading {
  const requests = { count: totals.failedRequests, part: totals.failedRequests, whole: totals.requests }
  const iterations = { count: totals.failedIterations, part: totals.failedIterations, whole: totals.iterations }
  const portion = (one: { part: number; whole: number }): number => share(one.part, one.whole) ?? 0
  const iterationsAreWorse = portion(iterations) > portion(requests) || requests.whole === 0
  const worse = iterationsAreWorse ? iterations : requests
  const reading = readTally({ ...worse, of: 'request and no iteration' }, duration, statistic)
  const note = iterationsAreWorse && iterations.count > 0 ? 'of iterations, whose journey threw' : undefined
  return reading.found ? { ...reading, note } : reading
}

function readTally({ count, part, whole, of }: Tally, duration: Millis, statistic: Statistic): Reading {
  switch (statistic) {
    case 'rate':
      return { found: true, actual: rateOf(count, duration), samples: whole }
    case 'share': {
      const actual = share(part, whole)
      return actual === undefined
        ? nothing(`there was no ${of} in the judged part`)
        : { found: true, actual, samples: whole }
    }
    default:
      return { found: true, actual: count, samples: whole }
  }
}
