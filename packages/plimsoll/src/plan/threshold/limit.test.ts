import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Limit, type LimitFault, type Measure, parseLimit } from './limit.ts'

const read = (text: string, measure: Measure = 'any'): Limit => {
  const result = parseLimit(text, measure)
  if ('fault' in result) throw new Error(`${text}: ${result.fault.expected}`)
  return result.limit
}
const fault = (text: string, measure: Measure = 'any'): LimitFault => {
  const result = parseLimit(text, measure)
  if ('fault' in result) return result.fault
  throw new Error(`${text} was read as ${JSON.stringify(result.limit)}`)
}

describe('parseLimit', () => {
  test.each([
    ['< 300ms', '<', 300, 'ms'],
    ['<300ms', '<', 300, 'ms'],
    [' <=  1.5 s ', '<=', 1500, 'ms'],
    ['< 250us', '<', 0.25, 'ms'],
    ['< 250µs', '<', 0.25, 'ms'],
    ['< 2m', '<', 120_000, 'ms'],
    ['< 1h', '<', 3_600_000, 'ms'],
    ['>= 500/s', '>=', 500, '1/s'],
    ['> 10000/min', '>', 166.666666667, '1/s'],
    ['< 1%', '<', 0.01, 'ratio'],
    ['< 0.07%', '<', 0.0007, 'ratio'],
    ['< 512MB', '<', 512_000_000, 'B'],
    ['< 512MiB', '<', 536_870_912, 'B'],
    ['< 100MB/s', '<', 100_000_000, 'B/s'],
    ['= 0', '=', 0, 'count'],
    ['!= 7', '!=', 7, 'count'],
  ])('%s', (text, comparison, value, unit) => {
    expect(read(text)).toEqual({ comparison, value, unit })
  })

  test('nothing needs no unit', () => {
    expect(read('= 0', 'share').unit).toBe('ratio')
    expect(read('< 0', 'time').unit).toBe('ms')
    expect(read('= 0', 'portion').unit).toBe('count')
    expect(read('< 0.1%', 'portion')).toEqual({ comparison: '<', value: 0.001, unit: 'ratio' })
  })

  test.each<[string, Measure, number, string, string?]>([
    ['300', 'time', 0, 'a comparison', "did you mean '< 300'?"],
    ['500/s', 'rate', 0, 'a comparison', "did you mean '>= 500/s'?"],
    ['', 'time', 0, 'a comparison'],
    ['  ≤ 3ms', 'time', 2, 'a comparison'],
    ['< 300 cats', 'time', 6, 'a time'],
    ['< 300', 'time', 5, 'a time'],
    ['< 300/s', 'time', 5, 'a time'],
    ['< 300ms', 'rate', 5, 'a rate'],
    ['< 0.01', 'share', 6, 'a share'],
    ['< 5%', 'count', 3, 'a number without a unit'],
    ['< 5ms', 'portion', 3, 'a number or a share'],
    ['0', 'portion', 0, 'a comparison', "did you mean '= 0'?"],
    ['< 5ms', 'bytes', 3, 'bytes'],
    ['< ms', 'time', 2, 'a number'],
    ['< .5s', 'time', 2, 'a number', "did you mean '0.5s'?"],
    ['< 1,5s', 'time', 3, 'a time', 'decimals are written with a point'],
    ['<< 5ms', 'time', 1, 'one comparison is enough'],
    ['=== 5', 'count', 1, 'one comparison is enough'],
    ['< -5ms', 'time', 2, 'not negative'],
    ['< 5MS', 'time', 3, 'a time', "did you mean 'ms'?"],
    ['< 5 seconds', 'time', 4, 'a time', "did you mean 's'?"],
    ['> 5rps', 'rate', 3, 'a rate', "did you mean '/s'?"],
    ['< 5mb', 'bytes', 3, 'bytes', "did you mean 'MB'?"],
    ['< 5ms < 6ms', 'time', 3, 'a time'],
    ['< 1e3ms', 'time', 3, 'a time'],
    ['< 5constructor', 'time', 3, 'a time'],
  ])('%s as a %s: points at column %i', (text, measure, at, expected, hint) => {
    const found = fault(text, measure)
    expect(found.at).toBe(at)
    expect(found.expected).toContain(expected)
    expect(found.hint).toBe(hint)
  })

  const units = { us: 0.001, ms: 1, s: 1000, m: 60_000, h: 3_600_000 }
  const comparison = fc.constantFrom('<', '<=', '>', '>=', '=', '!=')

  test('what is written is what is read', () => {
    const number = fc.integer({ min: 1, max: 10_000_000 }).map((value) => value / 1000)
    fc.assert(
      fc.property(
        comparison,
        number,
        fc.constantFrom(...Object.entries(units)),
        fc.boolean(),
        (sign, value, [unit, factor], blank) => {
          const limit = read(`${sign}${blank ? ' ' : ''}${value}${unit}`, 'time')
          expect(limit.comparison).toBe(sign)
          expect(limit.unit).toBe('ms')
          expect(Math.abs(limit.value / (value * factor) - 1)).toBeLessThan(1e-11)
        },
      ),
    )
  })

  test('any text is read or answered with a column inside it or at its end; nothing throws', () => {
    const pieces = fc
      .array(fc.constantFrom('<', '=', '>', ' ', '3', '.', '%', '/s', 'ms', 'MB', 'x', '-', ','))
      .map((parts) => parts.join(''))
    const measure = fc.constantFrom<Measure>('time', 'rate', 'share', 'count', 'portion', 'bytes', 'any')
    fc.assert(
      fc.property(fc.oneof(pieces, fc.string()), measure, (text, kind) => {
        const result = parseLimit(text, kind)
        if ('fault' in result) expect(result.fault.at >= 0 && result.fault.at <= text.length).toBe(true)
        else expect(Number.isFinite(result.limit.value) && result.limit.value >= 0).toBe(true)
      }),
    )
  })
})
