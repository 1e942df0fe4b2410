import { describe, expect, it } from 'vitest'
import { millis } from '../../base/units.ts'
import type { ThresholdSpec } from '../../plan/compiled.ts'
import { fold } from '../../record/fold.ts'
import { type IntervalInput, RunBuilder, threshold } from '../../record/testing.ts'
import { judgeThresholds } from './judge-thresholds.ts'

const steady = (recipe: IntervalInput, seconds = 10) => new RunBuilder().intervals(seconds, () => recipe)

function judge(run: RunBuilder, spec: Partial<ThresholdSpec>) {
  const [result] = judgeThresholds(fold(run.end().events), [threshold(spec)])
  return result
}

const endpoint = (name: string, spec: Partial<ThresholdSpec> = {}): Partial<ThresholdSpec> => ({
  subject: name,
  scope: { kind: 'endpoint', name },
  ...spec,
})

describe('latency', () => {
  const values = Array.from({ length: 100 }, (_, i) => i + 1)
  const run = () => steady({ series: [{ values, failed: 3, censored: 0 }] })

  it.each([
    [{ statistic: { kind: 'quantile', q: 0.95 } }, 95],
    [{ statistic: { kind: 'min' } }, 1],
    [{ statistic: { kind: 'max' } }, 100],
    [{ statistic: { kind: 'mean' } }, 50.5],
    [{ statistic: { kind: 'rate' }, unit: '1/s', value: 101 }, 100],
    [{ statistic: { kind: 'count' }, unit: 'count', value: 1001 }, 1000],
    [{ statistic: { kind: 'share' }, unit: 'ratio', value: 0.04 }, 0.03],
  ] as const)('reads %j', (spec, expected) => {
    const result = judge(run(), spec)
    expect(result?.verdict).toBe('met')
    expect(Math.abs((result?.actual ?? Number.NaN) - expected)).toBeLessThanOrEqual(expected * 0.0005)
    expect(result?.samples).toBe(1000)
    expect(result?.atLeast).toBe(false)
  })

  it('misses a limit, and gives the interval beside the value', () => {
    const result = judge(run(), { value: 90 })
    expect(result).toMatchObject({ verdict: 'missed', unit: 'ms' })
    const [low, high] = result?.interval ?? [0, 0]
    expect(low).toBeLessThan(95)
    expect(high).toBeGreaterThan(95)
  })

  it('looks at the series that the metric names', () => {
    const result = judge(
      steady({
        series: [
          { metric: 'http.service_time', scope: 'endpoint', name: 'GET /', values: [7] },
          { scope: 'endpoint', name: 'GET /', values: [70] },
          { metric: 'step.duration', scope: 'step', name: 'pay', values: [11] },
          { scope: 'tag', name: 'plan:free', values: [13] },
          { metric: 'journey.duration', scope: 'journey', name: 'buy', values: [17] },
        ],
      }),
      endpoint('GET /', { series: 'service' }),
    )
    expect(result?.actual).toBe(7)
  })

  it.each([
    [{ scope: { kind: 'step', name: 'pay' }, series: 'duration' }, 11],
    [{ scope: { kind: 'tag', name: 'plan', value: 'free' } }, 13],
    [{ scope: { kind: 'journey', name: 'buy' }, series: 'duration' }, 17],
  ] as const)('looks at %j', (spec, expected) => {
    const series: IntervalInput['series'] = [
      { metric: 'step.duration', scope: 'step', name: 'pay', values: [11] },
      { scope: 'tag', name: 'plan:free', values: [13] },
      { metric: 'journey.duration', scope: 'journey', name: 'buy', values: [17] },
    ]
    expect(judge(steady({ series }), spec)?.actual).toBe(expected)
  })

  it('says that a percentile has too few samples, and judges it all the same', () => {
    const result = judge(steady({ series: [{ values: [5] }] }), { statistic: { kind: 'quantile', q: 0.99 } })
    expect(result).toMatchObject({ verdict: 'met', samples: 10, interval: undefined })
    expect(result?.note).toBe('only 10 samples: an interval of p99 needs 368')
  })

  it('says so when many samples are worth few', () => {
    const run = new RunBuilder().intervals(30, (i) => ({
      series: [{ values: Array.from({ length: 200 }, () => (i === 7 ? 900 : 5)) }],
    }))
    expect(judge(run, { statistic: { kind: 'quantile', q: 0.97 } })?.note).toMatch(/worth \d+ independent/)
  })
})

describe('censoring', () => {
  const run = (censored: number) =>
    steady({ series: [{ values: [...Array(90).fill(10), ...Array(10).fill(100)], censored }] })

  it('prints a quantile among the cut-off as at least', () => {
    const cutOff = judge(run(10), { value: 50 })
    expect(cutOff).toMatchObject({ verdict: 'missed', atLeast: true })
    expect(cutOff?.actual).toBeCloseTo(100, 1)
    expect(judge(run(10), { statistic: { kind: 'quantile', q: 0.9 } })).toMatchObject({
      verdict: 'met',
      atLeast: false,
    })
    expect(judge(run(4), {})).toMatchObject({ verdict: 'met', atLeast: false })
  })

  it('does not call a limit met that lies beyond where exchanges were cut off', () => {
    const result = judge(run(10), { value: 300 })
    expect(result).toMatchObject({ verdict: 'missed', atLeast: true })
    expect(result?.note).toContain('cut off')
  })

  it('lets a lower bound show what it can', () => {
    expect(judge(run(10), { comparison: '>', value: 90 })?.verdict).toBe('met')
    expect(judge(run(10), { comparison: '>=', value: 101 })?.verdict).toBe('missed')
    expect(judge(run(10), { comparison: '=', value: 100 })?.verdict).toBe('missed')
    expect(judge(run(10), { comparison: '!=', value: 50 })?.verdict).toBe('met')
    expect(judge(run(10), { comparison: '!=', value: 100 })?.verdict).toBe('missed')
  })
})

describe('a count in a scaled run', () => {
  const run = () => steady({ series: [{ values: [1, 2, 3, 4, 5] }] })
  const count = { statistic: { kind: 'count' }, unit: 'count', metric: 'count' } as const

  it.each([
    ['less', '>=', 50, 'met'],
    ['less', '>=', 51, 'not judged'],
    ['less', '<', 50, 'missed'],
    ['less', '<', 51, 'not judged'],
    ['more', '>=', 50, 'not judged'],
    ['more', '>=', 51, 'missed'],
    ['more', '<', 50, 'not judged'],
    ['more', '<', 51, 'met'],
    ['less', '=', 50, 'not judged'],
    ['other', '<', 50, 'not judged'],
  ] as const)('of %s load and time, 50 held against %s %d is %s', (amount, comparison, value, verdict) => {
    expect(judge(run(), { ...count, amount, comparison, value })).toMatchObject({ verdict, actual: 50 })
  })

  it('has its own limit shown where a rate was scaled', () => {
    const scaled = { ...count, unit: '1/s', statistic: { kind: 'rate' }, comparison: '>=', value: 5 } as const
    const scaledLimit = '>= 5/s (50/s × 0.1)'
    expect(judge(run(), { ...scaled, scaledLimit })).toMatchObject({ verdict: 'met', actual: 5, scaledLimit })
  })
})

describe('no data', () => {
  const seen = () =>
    steady({
      series: ['POST /lock-proof', 'GET /health', 'GET /ledger/entries'].map((name) => ({
        scope: 'endpoint' as const,
        name,
        values: [5],
      })),
    })

  it('is a verdict of its own, with the names that there are', () => {
    const result = judge(seen(), endpoint('POST /lock-prof'))
    expect(result).toMatchObject({ verdict: 'no data', actual: undefined, samples: 0 })
    expect(result?.note).toBe(
      'no request was named "POST /lock-prof"; did you mean "POST /lock-proof"? seen: POST /lock-proof, GET /health, GET /ledger/entries',
    )
  })

  it('also for limits that nothing would satisfy', () => {
    const zero = { kind: 'count' } as const
    expect(judge(seen(), endpoint('GET /x', { statistic: zero, comparison: '=', value: 0 }))?.verdict).toBe('no data')
  })

  it('tells samples outside the judged part from none', () => {
    const run = new RunBuilder()
      .interval({ phase: 'ramp', series: [{ scope: 'endpoint', name: 'GET /login', values: [5] }] })
      .interval({ series: [{ values: [5] }] })
    expect(judge(run, endpoint('GET /login'))?.note).toBe('its 1 samples all lie outside the judged part (steady)')
  })

  it('names a metric that an endpoint does not have', () => {
    expect(judge(seen(), endpoint('GET /health', { series: 'tls' }))?.note).toBe(
      'endpoint "GET /health" has no http.tls_time',
    )
    expect(judge(new RunBuilder().interval(), {})?.note).toBe('nothing was recorded as http.response_time')
  })

  it('mentions the cardinality guard', () => {
    const run = seen().interval({ overflowed: ['endpoint'] })
    expect(judge(run, endpoint('GET /late'))?.note).toContain('summed up as "other"')
  })

  it('is not judged when the run has no judged part', () => {
    const run = new RunBuilder().interval({ phase: 'warm-up', series: [{ values: [5] }] })
    expect(judge(run, {})).toMatchObject({ verdict: 'not judged', actual: undefined })
  })
})

describe('counters and checks', () => {
  const counter = (
    name: 'iterations' | 'dropped' | 'checks' | 'errors' | 'bytes',
    kind: 'count' | 'rate' | 'share',
  ): Partial<ThresholdSpec> => ({ subject: name, scope: { kind: 'counter', name }, statistic: { kind }, value: 1e9 })
  const run = () =>
    new RunBuilder()
      .interval({ phase: 'ramp', series: [{ values: [1, 1], failed: 2 }], shapes: [{ scheduled: 50, dropped: 50 }] })
      .intervals(4, () => ({
        series: [{ values: Array(50).fill(5), failed: 1 }],
        shapes: [{ scheduled: 10, started: 8, dropped: 2, completed: 6, failed: 1, aborted: 1 }],
        checks: [
          { name: 'is locked', passed: 9, failed: 1 },
          { name: 'is json', passed: 10, failed: 0 },
        ],
        bytesReceived: 1000,
      }))

  it.each([
    ['iterations', 'count', 32],
    ['iterations', 'rate', 8],
    ['dropped', 'count', 8],
    ['dropped', 'share', 0.2],
    ['dropped', 'rate', 2],
    ['checks', 'share', 0.95],
    ['checks', 'count', 80],
    ['bytes', 'count', 4000],
    ['bytes', 'rate', 1000],
    ['errors', 'count', 4],
    ['errors', 'rate', 1],
  ] as const)('%s %s is %d of the judged part', (name, kind, expected) => {
    expect(judge(run(), counter(name, kind))?.actual).toBeCloseTo(expected, 10)
  })

  it('takes as errors the larger share of requests and iterations', () => {
    expect(judge(run(), counter('errors', 'share'))).toMatchObject({
      actual: 0.125,
      note: 'of iterations, whose journey threw',
    })
    const requests = steady({ series: [{ values: [1, 1, 1, 1], failed: 1 }], shapes: [{ completed: 4 }] })
    expect(judge(requests, counter('errors', 'share'))).toMatchObject({ actual: 0.25, note: undefined })
    const journeysOnly = steady({ shapes: [{ completed: 3, failed: 1 }] })
    expect(judge(journeysOnly, counter('errors', 'share'))?.actual).toBe(0.25)
  })

  it('has no share of nothing', () => {
    const result = judge(new RunBuilder().interval(), counter('errors', 'share'))
    expect(result).toMatchObject({ verdict: 'no data' })
    expect(result?.note).toContain('no request and no iteration')
    expect(judge(new RunBuilder().interval(), counter('checks', 'share'))?.verdict).toBe('no data')
  })

  it('judges one check by its share passed in the judged part', () => {
    const spec = { scope: { kind: 'check', name: 'is locked' }, statistic: { kind: 'share' }, comparison: '>' } as const
    expect(judge(run(), { ...spec, value: 0.89 })).toMatchObject({ verdict: 'met', actual: 0.9, samples: 40 })
    const other = judge(run(), { ...spec, scope: { kind: 'check', name: 'is loked' } })
    expect(other?.note).toContain('did you mean "is locked"?')
  })
})

describe('probes', () => {
  const probe = (metric: string, spec: Partial<ThresholdSpec> = {}): Partial<ThresholdSpec> => ({
    subject: 'process',
    metric,
    scope: { kind: 'probe', name: 'process' },
    series: metric,
    statistic: { kind: 'value' },
    unit: 'ratio',
    value: 1e12,
    ...spec,
  })
  /** Samples at the ends of six seconds, the first two of them ramp. */
  const run = () => {
    const builder = new RunBuilder()
    const samples = [9, 9, 0.2, 0.4, 0.4, 0.6]
    samples.forEach((cpu, i) => {
      builder
        .interval({ phase: i < 2 ? 'ramp' : 'steady' })
        .probe('process', { cpu, memory: cpu * 100, 'query p95': cpu })
    })
    return builder
  }

  it('takes the mean of a share and the highest of a level', () => {
    const cpu = judge(run(), probe('cpu'))
    expect(cpu?.actual).toBeCloseTo(0.4)
    expect(cpu).toMatchObject({ samples: 4, note: 'mean of 4 samples' })
    const memory = judge(run(), probe('memory', { unit: 'B' }))
    expect(memory).toMatchObject({ actual: 60, note: 'highest of 4 samples' })
  })

  it.each([
    ['max', 0.6],
    ['min', 0.2],
    ['mean', 0.4],
  ] as const)('takes cpu %s when asked to', (kind, expected) => {
    expect(judge(run(), probe(`cpu ${kind}`, { series: 'cpu', statistic: { kind } }))?.actual).toBeCloseTo(expected)
  })

  it('takes a quantile of the samples, unless the probe has a figure of that very name', () => {
    const q = { kind: 'quantile', q: 0.5 } as const
    expect(judge(run(), probe('cpu p50', { series: 'cpu', statistic: q }))?.actual).toBe(0.4)
    const named = judge(
      run(),
      probe('query p95', { series: 'query', statistic: { kind: 'quantile', q: 0.95 }, unit: 'ms' }),
    )
    expect(named?.actual).toBeCloseTo(0.4)
    expect(named?.note).toBe('mean of 4 samples')
  })

  it('explains silence', () => {
    expect(judge(run(), probe('cpus'))?.note).toContain('did you mean "cpu"?')
    const without = judge(new RunBuilder().interval(), probe('cpu'))
    expect(without).toMatchObject({ verdict: 'no data' })
    expect(without?.note).toContain('no probe named process')
    const trouble = new RunBuilder()
      .add({ type: 'probe.trouble', probe: 'process', at: millis(0), message: 'there is no process 42' })
      .interval()
    expect(judge(trouble, probe('cpu'))?.note).toContain('there is no process 42')
    const early = new RunBuilder().interval({ phase: 'ramp' }).probe('process', { cpu: 1 }).interval()
    expect(judge(early, probe('cpu'))?.note).toContain('outside the judged part')
  })
})
