import { describe, expect, it } from 'vitest'
import { type Counted, figuresOf } from '../record/counted.ts'
import { fold } from '../record/fold.ts'
import { RunBuilder } from '../record/testing.ts'
import { summarizeProbes } from './probe-summary.ts'

const share = (part: number, whole: number): Counted => ({ kind: 'share', part, whole })

describe('summarizeProbes', () => {
  it('gives what was counted over the judged part as a whole, and the seconds it was highest and lowest in', () => {
    const builder = new RunBuilder()
    const seconds = [share(0, 1000), share(0, 1), share(99, 99)]
    seconds.forEach((counted, i) => {
      builder
        .interval({ phase: i === 0 ? 'ramp' : 'steady' })
        .probe('redis', figuresOf('hit rate', counted), { 'hit rate': counted })
    })
    const [summary] = summarizeProbes(fold(builder.end().events))
    expect(summary?.values).toEqual([
      { name: 'hit rate', unit: 'ratio', mean: 0.99, min: 0, max: 1, last: 1, samples: 2 },
    ])
  })

  it('takes the unit of a figure that the plan names from the plan', () => {
    const builder = new RunBuilder().interval().probe('prometheus', { 'page size': 7 }).interval()
    const record = fold(builder.end().events)
    const plan = { ...record.started.plan, probeUnits: { prometheus: { 'page size': 'B' as const } } }
    const [summary] = summarizeProbes({ ...record, started: { ...record.started, plan } })
    expect(summary?.values[0]?.unit).toBe('B')
  })
})
