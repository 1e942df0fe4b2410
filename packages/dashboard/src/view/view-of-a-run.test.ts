import { describe, expect, it } from 'vitest'
import { fold } from '../../../plimsoll/src/record/fold.ts'
import { generatedRun } from '../fixtures/generated-run.ts'
import { endpointNames, seriesOf, trafficSeries } from './find-series.ts'
import { generatorColumns } from './generator-columns.ts'
import { latencyRows } from './latency-rows.ts'
import { loadText } from './load-text.ts'
import { percentileCurve } from './percentile-curve.ts'
import { phaseBands } from './phases.ts'
import { probePanels } from './probe-panels.ts'
import { summaryFigures } from './summary-figures.ts'
import { actualText, intervalText, quantileLimits, thresholdRows } from './threshold-rows.ts'
import { timelineColumns } from './timeline-columns.ts'
import { validityRows } from './validity-rows.ts'

const record = fold(generatedRun({ seconds: 60, rate: 300 }))
const nothing = fold(generatedRun({ seconds: 1 }).slice(0, 1))

describe('views of a run', () => {
  it('has its phases as bands without gaps', () => {
    const bands = phaseBands(record.timeline)
    expect(bands.map((band) => band.phase)).toEqual(['warm-up', 'ramp', 'steady', 'stopping'])
    for (const [at, band] of bands.entries()) expect(band.from).toBe(at === 0 ? 0 : bands[at - 1]?.to)
  })

  it('has endpoints in the order of their traffic', () => {
    expect(endpointNames(record)).toEqual(['POST /lock-proof', 'GET /ledger', 'GET /ledger/:id', 'GET /health'])
  })

  it('has as many answers over time as in all', () => {
    const { rate } = timelineColumns(record, 'GET /ledger')
    const total = rate.reduce<number>((sum, value) => sum + (value ?? 0), 0)
    expect(total).toBeCloseTo(trafficSeries(record, 'http.response_time', 'GET /ledger')?.whole.count ?? 0, 6)
  })

  it('leaves gaps where an endpoint had nothing, and no zeros', () => {
    const columns = timelineColumns(record, 'GET /nowhere')
    expect(new Set(columns.p95)).toEqual(new Set([null]))
    expect(new Set(columns.rate)).toEqual(new Set([0]))
  })

  it('sums rates up from counts and the window', () => {
    const [row] = latencyRows(record, seriesOf(record, 'http.response_time', 'endpoint'), 'judged')
    expect(row?.rate).toBeCloseTo(((row?.count ?? 0) * 1000) / record.judged.duration)
    expect(row?.p50).toBeLessThan(row?.p99 ?? 0)
  })

  it('has a curve that rises from the least to the greatest', () => {
    const histogram = trafficSeries(record, 'http.response_time', undefined)?.whole.histogram
    if (histogram === undefined) throw new Error('the run has traffic')
    const curve = percentileCurve(histogram)
    expect(curve[0]?.ms).toBe(histogram.min / 1000)
    expect(curve.map(({ ms }) => ms)).toEqual(curve.map(({ ms }) => ms).toSorted((a, b) => a - b))
    expect(curve.at(-1)?.q).toBeCloseTo(1 - 1 / histogram.count, 9)
  })

  it('shows each value of each probe, with its limits and unit', () => {
    const panels = probePanels(record)
    expect(panels.map(({ probe, value }) => `${probe} ${value}`)).toEqual([
      'process cpu',
      'process memory',
      'postgres connections',
      'postgres query p95',
      'postgres commits',
      'postgres cache hit',
      'postgres wal',
    ])
    expect(panels[1]?.limits).toEqual([{ at: 512 * 2 ** 20, label: '< 512MB' }])
    expect(panels.map(({ format }) => format(0.5))).toContain('50.0 %')
  })

  it('looks at the worst worker', () => {
    const { loopDelayP99 } = generatorColumns(record)
    const [first] = record.timeline
    expect(loopDelayP99[0]).toBe(Math.max(...(first?.generators.map((one) => one.loopDelayP99) ?? [])))
  })

  it('judges a run under way as far as it got', () => {
    const rows = thresholdRows(record, undefined)
    expect(rows).toHaveLength(14)
    expect(rows[0]?.result.verdict).toBe('met')
    expect(rows[0]?.excess).toBeLessThan(0)
    expect(rows.at(-1)?.result.verdict).toBe('no data')
  })

  it('finds the limits of one endpoint, and of none for all', () => {
    const { thresholds } = record.started.plan
    expect(quantileLimits(thresholds, 'GET /ledger').map(({ q }) => q)).toEqual([0.95, 0.99])
    expect(quantileLimits(thresholds, undefined)).toEqual([])
  })

  it('describes the load', () => {
    expect(record.started.plan.shapes.map(loadText)).toEqual(['ramp to 500 users in 1 min, hold 4 min'])
  })

  it('says nothing where nothing is known', () => {
    expect(summaryFigures(nothing).map(({ value }) => value)).toEqual(Array(7).fill(undefined))
    expect(thresholdRows(nothing, undefined).every(({ gauge }) => gauge === undefined)).toBe(true)
    expect(new Set(validityRows(nothing, undefined).map(({ state }) => state))).toEqual(new Set(['not run']))
  })

  it('writes lower bounds and intervals as such', () => {
    const [row] = thresholdRows(record, undefined)
    if (row === undefined) throw new Error('there are thresholds')
    expect(actualText({ ...row.result, actual: 1200, atLeast: true })).toBe('≥ 1,200 ms')
    expect(actualText({ ...row.result, actual: 1200, isRough: true })).toBe('≈ 1,200 ms')
    expect(intervalText({ ...row.result, interval: [91.7, 231] })).toBe('91.7 to 231 ms')
    expect(intervalText({ ...row.result, interval: undefined })).toBeUndefined()
  })
})
