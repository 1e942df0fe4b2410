import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { micros } from '../base/units.ts'
import { Histogram } from './histogram.ts'
import { decodeHistogram } from './histogram-codec.ts'
import { Recorder } from './recorder.ts'

describe('Recorder', () => {
  it('gives what came since the last swap, and leaves silent series out', () => {
    const recorder = new Recorder()
    const home = recorder.series('http.response_time', 'endpoint', 'GET /')
    recorder.series('http.response_time', 'endpoint', 'GET /never')
    home.record(micros(1500), false)
    home.record(micros(2500), true)
    home.recordCensored(micros(9000))
    home.recordCensored(micros(10), false)
    const frame = recorder.swap()
    expect(frame.series).toHaveLength(1)
    expect(frame.series[0]).toMatchObject({
      metric: 'http.response_time',
      scope: 'endpoint',
      name: 'GET /',
      count: 4,
      failed: 2,
      censored: 2,
      sum: 13_010,
      min: 10,
      max: 9000,
    })
    expect(recorder.swap().series).toEqual([])
    home.record(micros(3), false)
    expect(recorder.swap().series[0]).toMatchObject({ count: 1, failed: 0, censored: 0, min: 3, max: 3 })
  })

  it('interns: one name, one series', () => {
    const recorder = new Recorder()
    expect(recorder.series('m', 'step', 'a')).toBe(recorder.series('m', 'step', 'a'))
    expect(recorder.series('m', 'step', 'a')).not.toBe(recorder.series('m', 'journey', 'a'))
    expect(recorder.series('m', 'step', 'a')).not.toBe(recorder.series('n', 'step', 'a'))
  })

  it('loses and invents nothing, wherever the swaps fall', () => {
    const sample = fc.record({
      value: fc.integer({ min: 0, max: 10_000_000 }),
      failed: fc.boolean(),
      swap: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 100 }), (samples) => {
        const recorder = new Recorder()
        const series = recorder.series('m', 'all', '')
        const sum = new Histogram()
        const expected = new Histogram()
        let failed = 0
        const collect = (): void => {
          for (const frame of recorder.swap().series) {
            sum.add(decodeHistogram(frame.histogram, frame))
            failed += frame.failed
          }
        }
        for (const one of samples) {
          series.record(micros(one.value), one.failed)
          expected.record(micros(one.value))
          if (one.swap) collect()
        }
        collect()
        expect([...sum.entries()]).toEqual([...expected.entries()])
        expect([sum.count, sum.sum, sum.min, sum.max]).toEqual([
          expected.count,
          expected.sum,
          expected.min,
          expected.max,
        ])
        expect(failed).toBe(samples.filter((one) => one.failed).length)
      }),
    )
  })

  it('closes a scope at its most names, counts the rest under other, and says so', () => {
    const recorder = new Recorder({ maxNames: 2 })
    for (const name of ['a', 'b', 'c', 'd', 'a']) recorder.series('m', 'endpoint', name).record(micros(1), false)
    recorder.series('second', 'endpoint', 'c').record(micros(1), false)
    recorder.series('m', 'step', 'c').record(micros(1), false)
    const frame = recorder.swap()
    expect(frame.overflowed).toEqual(['endpoint'])
    expect(frame.series.map(({ metric, scope, name, count }) => [metric, scope, name, count])).toEqual([
      ['m', 'endpoint', 'a', 2],
      ['m', 'endpoint', 'b', 1],
      ['m', 'endpoint', 'other', 2],
      ['second', 'endpoint', 'other', 1],
      ['m', 'step', 'c', 1],
    ])
  })

  it('counts checks and errors by name', () => {
    const recorder = new Recorder({ maxNames: 2 })
    recorder.check('is locked', true)
    recorder.check('is locked', false)
    recorder.check('is locked', true)
    recorder.error('HTTP_500', 'GET /')
    recorder.error('HTTP_500', 'GET /')
    recorder.error('TIMEOUT_TOTAL', 'GET /')
    for (const name of ['x', 'y', 'z']) recorder.error('HTTP_500', name)
    const frame = recorder.swap()
    expect(frame.checks).toEqual([{ name: 'is locked', passed: 2, failed: 1 }])
    expect(frame.errors).toEqual([
      { code: 'HTTP_500', name: 'GET /', count: 2 },
      { code: 'HTTP_500', name: 'x', count: 1 },
      { code: 'HTTP_500', name: 'other', count: 2 },
      { code: 'TIMEOUT_TOTAL', name: 'GET /', count: 1 },
    ])
    expect(frame.overflowed).toEqual(['error'])
    expect(recorder.swap()).toMatchObject({ checks: [], errors: [] })
  })
})
