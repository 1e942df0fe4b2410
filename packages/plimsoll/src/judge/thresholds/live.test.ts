import { describe, expect, it } from 'vitest'
import { millis } from '../../base/units.ts'
import type { StopReason } from '../../record/events.ts'
import { RunFold } from '../../record/fold.ts'
import { type IntervalInput, RunBuilder, threshold } from '../../record/testing.ts'
import { LiveJudge } from './live.ts'

/** The reason and the second at which a run of these intervals is stopped. */
function stopOf(
  judge: LiveJudge,
  intervals: readonly IntervalInput[],
): [reason: StopReason, second: number] | undefined {
  const folded = new RunFold()
  const builder = new RunBuilder()
  for (const input of intervals) builder.interval(input)
  for (const event of builder.events) {
    folded.apply(event)
    if (event.type !== 'interval') continue
    const reason = judge.check(event, () => folded.record)
    if (reason !== undefined) return [reason, event.to / 1000]
  }
  return undefined
}

const until = { errors: 0.1, p95: millis(500), dropped: 0.05, for: millis(3000) }
const good: IntervalInput = { series: [{ values: Array(20).fill(50) }], shapes: [{ scheduled: 20, started: 20 }] }
const failing: IntervalInput = { series: [{ values: Array(20).fill(50), failed: 5 }] }
const slow: IntervalInput = { series: [{ values: Array(20).fill(900) }] }
const dropping: IntervalInput = { shapes: [{ scheduled: 20, started: 10, dropped: 10 }] }
const silent: IntervalInput = {}

describe('until broken', () => {
  const broken = () => new LiveJudge({ thresholds: [], until })

  it.each([
    ['errors above 10 % for 3 s', failing],
    ['p95 above 500 ms for 3 s', slow],
    ['dropped arrivals above 5 % for 3 s', dropping],
  ])('stops on %s', (criterion, bad) => {
    expect(stopOf(broken(), [good, good, bad, bad, bad, bad])).toEqual([{ kind: 'broken', criterion }, 5])
  })

  it('does not stop on a spell that passes', () => {
    expect(stopOf(broken(), [failing, failing, good, failing, failing, good])).toBeUndefined()
  })

  it('lets a silent second neither break a spell nor begin one', () => {
    expect(stopOf(broken(), [silent, silent, silent, silent])).toBeUndefined()
    expect(stopOf(broken(), [failing, silent, failing])?.[1]).toBe(3)
  })

  it('does not look at the warm-up', () => {
    const warm = { ...failing, phase: 'warm-up' as const }
    expect(stopOf(broken(), [warm, warm, warm, warm])).toBeUndefined()
  })

  it('takes failed iterations where there are no requests', () => {
    const throwing: IntervalInput = { shapes: [{ completed: 5, failed: 5 }] }
    expect(stopOf(broken(), [throwing, throwing, throwing])?.[0]).toMatchObject({ kind: 'broken' })
  })
})

describe('aborting thresholds', () => {
  const spec = threshold({ abortAfter: millis(4000) })

  it('stops when missed, not before its time, and names itself', () => {
    const judge = new LiveJudge({ thresholds: [spec, threshold({ value: 1 })], until: undefined })
    expect(stopOf(judge, Array(10).fill(slow))).toEqual([{ kind: 'threshold', threshold: 'http p95 < 300ms' }, 4])
  })

  it('goes on while met, without data, and without a judged part', () => {
    const judge = () => new LiveJudge({ thresholds: [spec], until: undefined })
    expect(stopOf(judge(), Array(10).fill(good))).toBeUndefined()
    expect(stopOf(judge(), Array(10).fill(silent))).toBeUndefined()
    expect(stopOf(judge(), Array(10).fill({ ...slow, phase: 'warm-up' }))).toBeUndefined()
  })
})
