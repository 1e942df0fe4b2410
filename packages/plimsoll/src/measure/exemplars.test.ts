import { describe, expect, it } from 'vitest'
import { ExemplarPicker } from './exemplars.ts'

describe('ExemplarPicker', () => {
  it('keeps the slowest of each endpoint, slowest first', () => {
    const picker = new ExemplarPicker<string>({ slowest: 2, failed: 1, kinds: 10 })
    for (const value of [5, 9, 7, 1, 8]) picker.offerSlow('GET /', value, `took ${value}`)
    picker.offerSlow('GET /other', 3, 'other')
    expect(picker.kept).toEqual(['took 9', 'took 8', 'other'])
  })

  it('keeps the first few failures of each kind', () => {
    const picker = new ExemplarPicker<number>({ slowest: 1, failed: 2, kinds: 10 })
    for (let i = 0; i < 5; i++) picker.offerFailed('HTTP_500', i)
    picker.offerFailed('TIMEOUT_TOTAL', 99)
    expect(picker.kept).toEqual([0, 1, 99])
  })

  it('stays within its bounds when every name is new', () => {
    const picker = new ExemplarPicker<number>({ slowest: 3, failed: 3, kinds: 10 })
    for (let i = 0; i < 100; i++) {
      picker.offerSlow(`/${i}`, i, i)
      picker.offerFailed(`E${i}`, i)
    }
    expect(picker.kept).toHaveLength(20)
  })
})
