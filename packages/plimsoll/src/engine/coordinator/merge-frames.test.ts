import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { micros, millis } from '../../base/units.ts'
import { Recorder } from '../../measure/recorder.ts'
import type { HostInterval } from '../../record/events.ts'
import { frameOf } from './made-up-frame.ts'
import { mergeFrames } from './merge-frames.ts'

const host = { cpuGenerator: 0, cores: 2, rssBytes: 0 } as HostInterval
const merge = (recorders: Recorder[]) =>
  mergeFrames(
    recorders.map((recorder, worker) => frameOf(worker, 0, recorder)),
    { index: 0, from: millis(0), phase: () => 'steady', host, missingWorkers: [] },
  )

describe('mergeFrames', () => {
  it('keeps every sample exactly once, in its endpoint and in the whole', () => {
    const sample = fc.record({
      worker: fc.integer({ min: 0, max: 2 }),
      endpoint: fc.constantFrom('GET /a', 'GET /b', 'POST /c'),
      value: fc.integer({ min: 0, max: 5_000_000 }),
      failed: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 200 }), (samples) => {
        const recorders = [new Recorder(), new Recorder(), new Recorder()]
        for (const { worker, endpoint, value, failed } of samples) {
          recorders[worker]?.series('http.response_time', 'endpoint', endpoint).record(micros(value), failed)
        }
        const { series } = merge(recorders)
        const whole = series.find(({ scope }) => scope === 'all')
        const parts = series.filter(({ scope }) => scope === 'endpoint')
        for (const figure of ['count', 'failed', 'sum'] as const) {
          const total = parts.reduce((sum, part) => sum + part[figure], 0)
          expect(whole?.[figure] ?? 0).toBe(total)
        }
        expect(whole?.count ?? 0).toBe(samples.length)
        expect(whole?.sum ?? 0).toBe(samples.reduce((sum, { value }) => sum + value, 0))
        if (samples.length > 0) {
          expect(whole?.min).toBe(Math.min(...samples.map(({ value }) => value)))
          expect(whole?.max).toBe(Math.max(...samples.map(({ value }) => value)))
        }
      }),
    )
  })

  it('makes no whole of tags, which overlap', () => {
    const recorder = new Recorder()
    recorder.series('http.response_time', 'tag', 'kind:slow').record(micros(5), false)
    recorder.series('http.response_time', 'tag', 'area:shop').record(micros(5), false)
    expect(merge([recorder]).series.map(({ scope }) => scope)).toEqual(['tag', 'tag'])
  })

  it('adds up checks and errors by name', () => {
    const [a, b] = [new Recorder(), new Recorder()]
    a.check('is ok', true)
    b.check('is ok', false)
    a.error('HTTP_500', 'GET /')
    b.error('HTTP_500', 'GET /')
    b.error('HTTP_500', 'GET /other')
    const { checks, errors } = merge([a, b])
    expect(checks).toEqual([{ name: 'is ok', passed: 1, failed: 1 }])
    expect(errors).toEqual([
      { code: 'HTTP_500', name: 'GET /', count: 2 },
      { code: 'HTTP_500', name: 'GET /other', count: 1 },
    ])
  })
})
