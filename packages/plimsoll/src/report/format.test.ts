import { describe, expect, it } from 'vitest'
import { bytes, millis, ratio } from '../base/units.ts'
import type { ThresholdResult } from '../judge/verdict.ts'
import {
  formatActual,
  formatBytes,
  formatClock,
  formatDuration,
  formatMillis,
  formatNumber,
  formatPercent,
  formatQuantity,
  type Unit,
} from './format.ts'

const result = (of: Partial<ThresholdResult>): ThresholdResult => ({
  subject: 'GET /',
  metric: 'p95',
  limit: '< 300ms',
  unit: 'ms',
  verdict: 'met',
  actual: undefined,
  scaledLimit: undefined,
  atLeast: false,
  isRough: false,
  interval: undefined,
  samples: 0,
  note: undefined,
  ...of,
})

describe('format', () => {
  it.each([
    [0, '0'],
    [0.0421, '0.0421'],
    [0.1, '0.1'],
    [4.2, '4.20'],
    [42.13, '42.1'],
    [421.4, '421'],
    [999.6, '1,000'],
    [4210.4, '4,210'],
    [1234567, '1,234,567'],
  ])('writes %d as %s', (value, text) => expect(formatNumber(value)).toBe(text))

  it.each([
    [0, '0 ms'],
    [0.004, '4.00 µs'],
    [0.42, '0.42 ms'],
    [205.3, '205 ms'],
    [5000, '5,000 ms'],
    [12_345, '12.3 s'],
  ])('writes a latency of %d ms as %s', (value, text) => expect(formatMillis(millis(value))).toBe(text))

  it.each([
    [850, '850 ms'],
    [9500, '9.5 s'],
    [9960, '10 s'],
    [42_000, '42 s'],
    [59_700, '1 min'],
    [304_000, '5 min 4 s'],
    [7_500_000, '2 h 5 min'],
  ])('writes a length of %d ms as %s', (value, text) => expect(formatDuration(millis(value))).toBe(text))

  it.each([
    [-5, '0:00'],
    [42_900, '0:42'],
    [725_000, '12:05'],
    [3_725_000, '1:02:05'],
  ])('writes an instant of %d ms as %s', (value, text) => expect(formatClock(millis(value))).toBe(text))

  it.each([
    [0, '0 %'],
    [0.00001, '< 0.01 %'],
    [0.0333, '3.33 %'],
    [0.5, '50.0 %'],
    [0.9999, '99.99 %'],
    [0.999999, '> 99.99 %'],
    [1, '100 %'],
    [1.5, '150 %'],
  ])('writes a share of %d as %s', (value, text) => expect(formatPercent(ratio(value))).toBe(text))

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [512e6, '512 MB'],
    [1.5e9, '1.50 GB'],
    [5e15, '5,000 TB'],
  ])('writes %d bytes as %s', (value, text) => expect(formatBytes(bytes(value))).toBe(text))

  it.each<[number, Unit, string]>([
    [20, '1/s', '20.0/s'],
    [48, 'count', '48'],
    [48.5, 'count', '48.5'],
    [1e6, 'B/s', '1.00 MB/s'],
  ])('writes %d in %s as %s', (value, unit, text) => expect(formatQuantity(value, unit)).toBe(text))

  it('writes what a threshold found', () => {
    expect(formatActual(result({}))).toBe('no data')
    expect(formatActual(result({ actual: 205, interval: [198.2, 231.4] }))).toBe('205 ms [198, 231]')
    expect(formatActual(result({ actual: 12_000, interval: [9000, 14_000] }))).toBe('12.0 s [9.00, 14.0]')
    expect(formatActual(result({ actual: 5000, atLeast: true }))).toBe('≥ 5,000 ms')
    expect(formatActual(result({ actual: 205, isRough: true }))).toBe('≈ 205 ms')
    expect(formatActual(result({ actual: 5000, atLeast: true, isRough: true }))).toBe('≥ 5,000 ms')
    expect(formatActual(result({ actual: 0.0042, unit: 'ratio', interval: [0.003, 0.006] }))).toBe('0.42 % [0.3, 0.6]')
  })
})
