import { describe, expect, it } from 'vitest'
import { fold } from './fold.ts'
import { succeededOf } from './succeeded.ts'
import { RunBuilder, type SeriesInput } from './testing.ts'

const succeeded = (...series: SeriesInput[]) => {
  const record = fold(new RunBuilder().interval({ series }).end().events)
  const all = record.series.find(({ metric }) => metric === 'http.response_time')
  return all && succeededOf(record.series, all, 'judged')
}

describe('what succeeded', () => {
  it('is all less what failed', () => {
    const left = succeeded(
      { values: [1, 1, 2, 900, 1000], failed: 3 },
      { metric: 'http.failed_time', values: [1, 900, 1000], failed: 3 },
    )
    expect(left).toMatchObject({ count: 2, failed: 0, censored: 0 })
    expect(left?.histogram.quantile(0.5)).toBeCloseTo(1000, -1)
    expect(left?.histogram.quantile(1)).toBeCloseTo(2000, -1)
  })

  it('holds what the end of the run cut off, as a lower bound, and no timeout', () => {
    const left = succeeded(
      { values: [1, 2, 500, 5000], failed: 1, censored: 2 },
      { metric: 'http.failed_time', values: [5000], failed: 1, censored: 1 },
    )
    expect(left).toMatchObject({ count: 3, censored: 1 })
  })

  it('is not told apart where nothing failed, all did, or nobody recorded which', () => {
    expect(succeeded({ values: [1, 2] })).toBeUndefined()
    expect(
      succeeded({ values: [1, 2], failed: 2 }, { metric: 'http.failed_time', values: [1, 2], failed: 2 }),
    ).toBeUndefined()
    expect(succeeded({ values: [1, 2], failed: 1 })).toBeUndefined()
  })
})
