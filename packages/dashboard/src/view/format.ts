import type { ThresholdUnit } from '../../../plimsoll/src/plan/compiled.ts'

/** What stands where a number would, when there is none: never 0. */
export const NO_DATA = 'no data'

const grouped = (value: number, digits: number): string =>
  value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })

/** Three significant digits, and all digits of the whole part: 0.042, 4.21, 42.1, 421, 4,210. */
export function significant(value: number): string {
  const size = Math.abs(value)
  if (size === 0) return '0'
  if (size < 0.01) return value.toPrecision(2)
  if (size < 1) return grouped(value, 3)
  if (size < 9.995) return grouped(value, 2)
  if (size < 99.95) return grouped(value, 1)
  return grouped(value, 0)
}

export const count = (value: number): string => grouped(Math.round(value), 0)

/** Milliseconds, with their unit; seconds from ten seconds on. */
export const latency = (ms: number): string =>
  ms >= 10_000
    ? `${significant(ms / 1000)} s`
    : ms < 0.01 && ms > 0
      ? `${count(ms * 1000)} µs`
      : `${significant(ms)} ms`

/** A wait of people's size, to three digits: 850 ms, 6.07 s, 92.9 s. */
export const wait = (ms: number): string => (ms < 1000 ? latency(ms) : `${significant(ms / 1000)} s`)

export const rate = (perSecond: number): string => `${significant(perSecond)}/s`

/** A share as a percentage; small shares keep enough digits not to look like none. */
export function percent(share: number): string {
  const value = share * 100
  if (value === 0) return '0 %'
  if (value === 100) return '100 %'
  if (value < 0.01) return '< 0.01 %'
  return `${grouped(value, value < 10 ? 2 : 1)} %`
}

/** A part that should be the whole: nothing but all of it is 100 %. */
export const percentOfAll = (share: number): string =>
  share >= 0.9999 && share < 1
    ? '> 99.99 %'
    : share >= 0.99 && share < 1
      ? `${(Math.floor(share * 10_000) / 100).toFixed(2)} %`
      : percent(share)

/** In powers of 1000, as limits are written in plans: 1 MB is 10⁶ bytes. */
export function bytes(value: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  let size = value
  let unit = 0
  while (Math.abs(size) >= 1000 && unit < units.length - 1) {
    size /= 1000
    unit++
  }
  return `${unit === 0 ? count(size) : significant(size)} ${units[unit]}`
}

/** A length of time for reading: 850 ms, 42 s, 5 min, 5 min 4 s, 2 h 5 min. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  const seconds = Math.round(ms / 1000)
  if (seconds < 10 && ms % 1000 !== 0) return `${(ms / 1000).toFixed(1)} s`
  if (seconds < 60) return `${seconds} s`
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const parts = [hours > 0 && `${hours} h`, minutes > 0 && `${minutes} min`, hours === 0 && rest > 0 && `${rest} s`]
  return parts.filter(Boolean).join(' ')
}

/** An instant of the run, for axes and read-outs: 0:42, 12:05, 1:02:05; tenths where they matter. */
export function clock(seconds: number, tenths = false): string {
  const whole = tenths ? Math.floor(seconds + 1e-9) : Math.round(seconds)
  const two = (value: number): string => String(value).padStart(2, '0')
  const hours = Math.floor(whole / 3600)
  const base = `${hours > 0 ? `${hours}:${two(Math.floor(whole / 60) % 60)}` : Math.floor(whole / 60)}:${two(whole % 60)}`
  return tenths ? `${base}.${Math.floor((seconds - whole + 1e-9) * 10)}` : base
}

/** A threshold's number in its own unit. */
export function inUnit(value: number, unit: ThresholdUnit): string {
  switch (unit) {
    case 'ms':
      return latency(value)
    case '1/s':
      return rate(value)
    case 'ratio':
      return percent(value)
    case 'B':
      return bytes(value)
    case 'B/s':
      return `${bytes(value)}/s`
    case 'count':
      return Number.isInteger(value) ? count(value) : significant(value)
  }
}

/** A formatted number as a tick says it: `50.0 %` is `50 %`, `1.00 ms` is `1 ms`. */
export const brief = (text: string): string => text.replace(/(\.\d*?)0+(?!\d)/, '$1').replace(/\.(?!\d)/, '')
