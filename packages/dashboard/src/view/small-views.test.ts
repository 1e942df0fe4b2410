import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { colorRamp } from './color-ramp.ts'
import { gauge } from './gauge.ts'
import { highlight } from './highlight.ts'
import { sortRows } from './sort-rows.ts'
import { evenTicks, logTicks } from './ticks.ts'

describe('gauge', () => {
  it('measures against the limit', () => {
    expect(gauge('<', 300, 150, [120, 180])).toMatchObject({ share: 0.5, low: 0.4, high: 0.6, allowed: 'below' })
    expect(gauge('>=', 200, 275, undefined)).toMatchObject({ share: 1.375, allowed: 'above' })
  })
  it('stops at the end of the bar', () => {
    expect(gauge('<', 100, 900, undefined)).toMatchObject({ share: 1.5, beyondEnd: true })
  })
  it('has nothing to show without a value or with a limit of 0', () => {
    expect(gauge('<', 300, undefined, undefined)).toBeUndefined()
    expect(gauge('<=', 0, 3, undefined)).toBeUndefined()
    expect(gauge('=', 3, 3, undefined)).toBeUndefined()
  })
})

describe('sortRows', () => {
  it('puts rows without a value last, either way, and keeps equals in order', () => {
    const rows = [
      { v: 2, n: 'a' },
      { v: undefined, n: 'b' },
      { v: 1, n: 'c' },
      { v: 2, n: 'd' },
    ]
    const order = (descending: boolean) => sortRows(rows, (row) => row.v, descending).map((row) => row.n)
    expect(order(false)).toEqual(['c', 'a', 'd', 'b'])
    expect(order(true)).toEqual(['a', 'd', 'c', 'b'])
  })
  it('sorts text as people do', () => {
    expect(sortRows(['v10', 'v9', 'v1'], (text) => text, false)).toEqual(['v1', 'v9', 'v10'])
  })
})

describe('highlight', () => {
  it('loses nothing of any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(
          highlight(text)
            .map((token) => token.text)
            .join(''),
        ).toBe(text)
      }),
    )
  })
  it('knows strings from comments and keywords from properties', () => {
    const kinds = highlight("const a = 'http://x' // don't\nuser.import(1_000)").filter(({ kind }) => kind !== 'plain')
    expect(kinds.map(({ kind, text }) => [kind, text])).toEqual([
      ['keyword', 'const'],
      ['string', "'http://x'"],
      ['comment', "// don't"],
      ['call', 'import'],
      ['number', '1_000'],
    ])
  })
})

describe('ticks', () => {
  it('stay inside and few', () => {
    expect(logTicks(0.7, 60)).toEqual([1, 2, 5, 10, 20, 50])
    expect(logTicks(0.7, 6000, 6)).toEqual([1, 10, 100, 1000])
    expect(evenTicks(2400, 6)).toEqual([0, 500, 1000, 1500, 2000])
    expect(evenTicks(0.7, 6)).toEqual([0, 0.2, 0.4, 0.6])
  })
})

describe('colorRamp', () => {
  it('begins and ends as told and gets steadily darker', () => {
    const ramp = colorRamp(['#e4f0f6', '#4b9ac4', '#0a2f57'], 9)
    expect(ramp[0]).toEqual([0xe4, 0xf0, 0xf6])
    expect(ramp.at(-1)).toEqual([0x0a, 0x2f, 0x57])
    const greens = ramp.map(([, green]) => green)
    expect(greens).toEqual(greens.toSorted((a, b) => b - a))
  })
})
