import { describe, expect, it } from 'vitest'
import { millis } from '../../base/units.ts'
import type { ThresholdSpec } from '../../plan/compiled.ts'
import { type Counted, figuresOf } from '../../record/counted.ts'
import { fold } from '../../record/fold.ts'
import { RunBuilder, threshold } from '../../record/testing.ts'
import { judgeThresholds } from './judge-thresholds.ts'

/** A second each: the first one ramp, the others judged. */
function run(name: string, ...seconds: readonly Counted[]): RunBuilder {
  const builder = new RunBuilder()
  seconds.forEach((counted, i) => {
    builder
      .interval({ phase: i === 0 ? 'ramp' : 'steady' })
      .probe('prometheus', figuresOf(name, counted), { [name]: counted })
  })
  return builder
}

function judge(built: RunBuilder, metric: string, series: string, spec: Partial<ThresholdSpec>) {
  const scope = { kind: 'probe', name: 'prometheus' } as const
  const [result] = judgeThresholds(fold(built.end().events), [threshold({ scope, metric, series, ...spec })])
  return result
}

const share = (part: number, whole: number): Counted => ({ kind: 'share', part, whole })
const buckets = (...counts: number[]): Counted => ({ kind: 'buckets', bounds: [2.5, 5, 10], counts, sum: 100 })

describe('a share that was counted', () => {
  const asked = { statistic: { kind: 'value' }, unit: 'ratio', comparison: '>', value: 0.8 } as const

  it('is of all that was counted in the judged part, and no mean of shares', () => {
    const result = judge(run('hit rate', share(0, 500), share(1, 1), share(50, 99)), 'hit rate', 'hit rate', asked)
    expect(result).toMatchObject({ actual: 0.51, samples: 100, verdict: 'missed', note: '51 of 100' })
  })

  it('is no data where nothing was asked for, however much before', () => {
    const result = judge(run('hit rate', share(9, 9), share(0, 0)), 'hit rate', 'hit rate', asked)
    expect(result).toMatchObject({ verdict: 'no data', note: 'none were counted in the judged part' })
  })

  it('has a lowest second', () => {
    const lowest = { ...asked, statistic: { kind: 'min' } } as const
    const result = judge(run('hit rate', share(0, 1), share(1, 2), share(9, 10)), 'hit rate min', 'hit rate', lowest)
    expect(result?.actual).toBe(0.5)
  })
})

describe('a distribution that was counted', () => {
  const p95 = { statistic: { kind: 'quantile', q: 0.95 }, unit: 'ms', comparison: '<', value: 5 } as const

  it('gives quantiles of all observations of the judged part', () => {
    const built = run('commands', buckets(0, 0, 999, 0), buckets(1, 0, 0, 0), buckets(89, 10, 0, 0))
    expect(judge(built, 'commands p95', 'commands', p95)).toMatchObject({
      verdict: 'met',
      actual: 3.75,
      samples: 100,
      note: '100 observed; in the bucket from 2.5 to 5',
    })
  })

  it('gives means of all observations', () => {
    const built = run('commands', buckets(1, 0, 0, 0), buckets(1, 0, 0, 0), buckets(49, 50, 0, 0))
    expect(judge(built, 'commands mean', 'commands', { ...p95, statistic: { kind: 'mean' } })?.actual).toBe(2)
  })

  it('is not shown to hold where it lies above the highest bucket', () => {
    const built = run('commands', buckets(1, 0, 0, 0), buckets(0, 0, 0, 9))
    expect(judge(built, 'commands p95', 'commands', { ...p95, value: 20 })).toMatchObject({
      verdict: 'missed',
      actual: 10,
      atLeast: true,
      note: 'it lies above the highest bucket, so it cannot be shown to hold',
    })
  })

  it('is no data where nothing was observed', () => {
    expect(judge(run('commands', buckets(9), buckets(0)), 'commands p95', 'commands', p95)?.verdict).toBe('no data')
  })
})

it('says what the probe says of a figure that it never had', () => {
  const trouble = {
    type: 'probe.trouble',
    probe: 'prometheus',
    at: millis(0),
    message: 'no metric "x"',
    figure: 'hits',
  }
  const built = run('other', share(1, 2), share(1, 2)).add({ ...trouble, type: 'probe.trouble' })
  const result = judge(built, 'hits', 'hits', { statistic: { kind: 'value' }, unit: '1/s' })
  expect(result).toMatchObject({ verdict: 'no data', note: 'no metric "x"' })
})
