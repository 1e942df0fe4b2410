import { expect, it } from 'vitest'
import { millis } from '../../base/units.ts'
import type { ProbeSample } from '../../record/events.ts'
import { thinSamples } from './thin-samples.ts'

it('averages what stands for itself, and adds up what was counted', () => {
  const samples = Array.from({ length: 7200 }, (_, i): ProbeSample => {
    const [part, whole] = i % 2 === 0 ? [0, 1] : [9, 9]
    return {
      type: 'probe',
      probe: 'redis',
      at: millis(i * 1000),
      values: { memory: i % 2, 'hit rate': part / whole },
      counted: { 'hit rate': { kind: 'share', part, whole } },
    }
  })
  const thin = thinSamples(samples)
  expect(thin).toHaveLength(3600)
  expect(thin[0]).toMatchObject({
    at: 1000,
    values: { memory: 0.5, 'hit rate': 0.9 },
    counted: { 'hit rate': { part: 9, whole: 10 } },
  })
})
