import { describe, expect, it } from 'vitest'
import { judge } from '../judge/judge.ts'
import { fold } from '../record/fold.ts'
import { RunBuilder } from '../record/testing.ts'
import { resultOf } from './json/result.ts'
import { buildModel } from './model.ts'
import { archiveOriginRun } from './testing.ts'

const modelOf = (builder: RunBuilder) => {
  const record = fold(builder.events)
  return buildModel(record, judge(record))
}

describe('buildModel', () => {
  const model = modelOf(archiveOriginRun({ trouble: 1 }))

  it('puts what needs attention first', () => {
    expect(model.thresholds.map(({ verdict }) => verdict)).toEqual([
      'missed',
      'missed',
      'missed',
      'no data',
      'met',
      'met',
      'met',
    ])
    expect(model.checks[0]).toMatchObject({ name: 'is locked', failed: 50, total: { failed: 55 } })
    expect(model.errors[0]).toMatchObject({ code: 'HTTP_503', sample: { status: 503 } })
  })

  it('shows the judged part, and what happened only outside of it', () => {
    const [lock, , , enroll] = model.endpoints
    expect(lock).toMatchObject({ name: 'POST /lock-proof', window: 'judged', count: 1000, total: { count: 1100 } })
    expect(enroll).toMatchObject({ name: 'POST /device/enroll', window: 'whole', count: 3 })
  })

  it('agrees with the thresholds', () => {
    const p95 = model.thresholds.find(({ subject, metric }) => subject === 'POST /lock-proof' && metric === 'p95')
    expect(model.endpoints[0]?.quantiles.p95?.value).toBe(p95?.actual)
  })

  it('says which percentiles hang on a few samples, and which on what was cut off', () => {
    const builder = new RunBuilder().interval({
      series: [{ values: Array.from({ length: 100 }, (_, i) => i + 1), censored: 5 }],
    })
    const { quantiles } = modelOf(builder.end()).traffic ?? {}
    expect(quantiles?.p90).toMatchObject({ isRough: false, atLeast: false })
    expect(quantiles?.p95).toMatchObject({ isRough: true, atLeast: false })
    expect(quantiles?.p99).toMatchObject({ isRough: true, atLeast: true })
  })

  it('knows the units of what probes see', () => {
    expect(model.probes.flatMap(({ values }) => values.map(({ name, unit }) => [name, unit]))).toEqual([
      ['cpu', 'ratio'],
      ['memory', 'B'],
      ['threads', 'count'],
      ['connections', 'count'],
      ['query p95', 'ms'],
      ['cache hit', 'ratio'],
    ])
  })
})

describe('result.json', () => {
  it('has null where nothing was measured', () => {
    const result = resultOf(modelOf(new RunBuilder().interval({ series: [{ values: [] }] }).end()))
    expect(result.metrics).toEqual([])
    expect(result.generator.lateStartsP99Ms).toBeNull()
    const nowhere = resultOf(modelOf(archiveOriginRun({ trouble: 1 }))).thresholds.find(
      ({ verdict }) => verdict === 'no data',
    )
    expect(nowhere).toMatchObject({ subject: 'GET /nowhere', actual: null, interval: null })
  })

  it('has the fields of its contract', () => {
    const result = resultOf(modelOf(archiveOriginRun({ trouble: 1 })))
    expect(result).toMatchObject({
      schemaVersion: 1,
      plan: 'Archive Origin',
      profile: 'smoke',
      verdict: 'missed',
      exitCode: 1,
    })
    expect(result.metrics[0]).toMatchObject({ name: 'http.response_time', unit: 'ms', count: 1500, failed: 50 })
    expect(result.metrics[0]).not.toHaveProperty('endpoint')
    expect(result.metrics.find((row) => 'endpoint' in row && row['endpoint'] === 'GET /health')).toMatchObject({
      count: 200,
    })
    expect(result.counters).toMatchObject({ requests: 1653, requests_failed: 55, checks_failed: 55 })
    expect(result.probes).toMatchObject({ process: { cpu: { unit: 'ratio' } }, redis: {} })
  })
})
