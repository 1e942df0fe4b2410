import { describe, expect, it } from 'vitest'
import {
  brief,
  bytes,
  clock,
  duration,
  inUnit,
  latency,
  percent,
  percentOfAll,
  rate,
  significant,
  wait,
} from './format.ts'

describe('numbers', () => {
  it.each([
    [0, '0'],
    [0.0042, '0.0042'],
    [0.042, '0.042'],
    [4.214, '4.21'],
    [9.996, '10.0'],
    [42.14, '42.1'],
    [99.97, '100'],
    [421.4, '421'],
    [4214.4, '4,214'],
  ])('keeps three significant digits of %d', (value, text) => expect(significant(value)).toBe(text))

  it.each([
    [0.004, '4 µs'],
    [0.42, '0.420 ms'],
    [38.06, '38.1 ms'],
    [1240, '1,240 ms'],
    [12_400, '12.4 s'],
  ])('writes a latency of %d ms', (value, text) => expect(latency(value)).toBe(text))

  it('never shows a small share as none', () => {
    expect(percent(0)).toBe('0 %')
    expect(percent(0.00004)).toBe('< 0.01 %')
    expect(percent(0.0067)).toBe('0.67 %')
    expect(percent(1)).toBe('100 %')
  })

  it('says 100 % of nothing but all', () => {
    expect([1, 0.99996, 0.9995, 0.97, 0].map(percentOfAll)).toEqual(['100 %', '> 99.99 %', '99.95 %', '97.0 %', '0 %'])
  })

  it('writes a wait in seconds from one on', () =>
    expect([850, 6072, 92_900].map(wait)).toEqual(['850 ms', '6.07 s', '92.9 s']))

  it('counts bytes in powers of 1000, as limits are written', () => {
    expect(bytes(512)).toBe('512 B')
    expect(bytes(512e6)).toBe('512 MB')
  })

  it('shortens ticks without changing them', () => {
    expect(['50.0 %', '1.00 ms', '1,000 ms', '0.500 ms', '500/s', '10.0/s'].map(brief)).toEqual([
      '50 %',
      '1 ms',
      '1,000 ms',
      '0.5 ms',
      '500/s',
      '10/s',
    ])
  })

  it('writes thresholds in their own units', () => {
    expect(inUnit(300, 'ms')).toBe('300 ms')
    expect(inUnit(275.4, '1/s')).toBe(rate(275.4))
    expect(inUnit(54, 'count')).toBe('54')
    expect(inUnit(2000, 'B/s')).toBe('2.00 KB/s')
  })
})

describe('times', () => {
  it.each([
    [850, '850 ms'],
    [4500, '4.5 s'],
    [42_000, '42 s'],
    [300_000, '5 min'],
    [304_000, '5 min 4 s'],
    [7_500_000, '2 h 5 min'],
  ])('writes %d ms', (ms, text) => expect(duration(ms)).toBe(text))

  it('writes instants as a clock', () => {
    expect(clock(42)).toBe('0:42')
    expect(clock(3725)).toBe('1:02:05')
    expect(clock(9.5, true)).toBe('0:09.5')
    expect(clock(59.96, true)).toBe('0:59.9')
  })
})
