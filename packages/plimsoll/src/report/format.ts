import { type Bytes, bytes, type Millis, millis, type PerSecond, perSecond, type Ratio, ratio } from '../base/units.ts'
import type { ThresholdResult } from '../judge/verdict.ts'
import type { Figure } from './latency-row.ts'

/** Every number that a report shows is written here. */

/** What stands where a number would, when there is none: never 0. */
export const NO_DATA = 'no data'

const grouping = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

export const formatCount = (value: number): string => grouping.format(Math.round(value))

/** Three significant digits, and all digits of the whole part: 0.042, 4.20, 42.1, 421, 4,210. */
export function formatNumber(value: number): string {
  if (value === 0) return '0'
  if (Math.abs(value) >= 999.5) return formatCount(value)
  return Math.abs(value) >= 1 ? value.toPrecision(3) : String(Number(value.toPrecision(3)))
}

/** A number of things, which need not be whole: 60, 4,210, 0.5. */
export const formatAmount = (value: number): string =>
  Number.isInteger(value) ? formatCount(value) : formatNumber(value)

/** A latency: microseconds below 0.01 ms, seconds from ten seconds on. */
export function formatMillis(value: Millis): string {
  const [unit, factor] = latencyUnit(value)
  return `${formatNumber(value * factor)} ${unit}`
}

function latencyUnit(value: number): readonly [unit: string, factor: number] {
  if (value >= 10_000) return ['s', 0.001]
  return value > 0 && value < 0.01 ? ['µs', 1000] : ['ms', 1]
}

/** A length of time for reading: 850 ms, 9.5 s, 42 s, 5 min 4 s, 2 h 5 min. */
export function formatDuration(value: Millis): string {
  if (value < 1000) return `${Math.round(value)} ms`
  if (value < 9950) return `${Number((value / 1000).toFixed(1))} s`
  const seconds = Math.round(value / 1000)
  if (seconds < 60) return `${seconds} s`
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const parts = [
    hours > 0 ? `${hours} h` : '',
    minutes > 0 ? `${minutes} min` : '',
    hours === 0 && rest > 0 ? `${rest} s` : '',
  ]
  return parts.filter((part) => part !== '').join(' ')
}

/** An instant of a run, or a countdown: 0:42, 12:05, 1:02:05. */
export function formatClock(value: Millis): string {
  const seconds = Math.max(0, Math.floor(value / 1000))
  const two = (part: number): string => String(part).padStart(2, '0')
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
}

export const formatRate = (value: PerSecond): string => `${formatNumber(value)}/s`

/** A share as a percentage, in which a small one never looks like none, nor nearly all like all. */
export function formatPercent(share: Ratio): string {
  const percent = share * 100
  if (percent === 0 || percent === 100) return `${percent} %`
  if (percent > 0 && percent < 0.01) return '< 0.01 %'
  if (percent > 99.99 && percent < 100) return '> 99.99 %'
  if (percent > 99 && percent < 100) return `${percent.toFixed(2)} %`
  return `${formatNumber(percent)} %`
}

const sizes = ['B', 'KB', 'MB', 'GB', 'TB'] as const

/** In powers of 1000, as limits in plans are read. */
export function formatBytes(value: Bytes): string {
  const power = Math.min(sizes.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, Math.abs(value))) / 3)))
  return `${power === 0 ? formatCount(value) : formatNumber(value / 1000 ** power)} ${sizes[power]}`
}

export type Unit = ThresholdResult['unit']

/** A number in its unit, as thresholds and probes have them. */
export function formatQuantity(value: number, unit: Unit): string {
  switch (unit) {
    case 'ms':
      return formatMillis(millis(value))
    case '1/s':
      return formatRate(perSecond(value))
    case 'ratio':
      return formatPercent(ratio(value))
    case 'B':
      return formatBytes(bytes(value))
    case 'B/s':
      return `${formatBytes(bytes(value))}/s`
    case 'count':
      return formatAmount(value)
  }
}

/** What to bear in mind about a percentile: `≥` it is no smaller, `≈` fewer than ten samples lie beyond it. */
export const doubtSign = ({ atLeast, isRough }: { atLeast: boolean; isRough: boolean }): '≥' | '≈' | '' =>
  atLeast ? '≥' : isRough ? '≈' : ''

/** A percentile with its unit: `205 ms`, `≥ 5,000 ms`, `≈ 205 ms`, `no data`. */
export const formatFigure = (figure: Figure | undefined): string =>
  figure === undefined ? NO_DATA : `${doubtSign(figure)} ${formatMillis(figure.value)}`.trimStart()

/** What a threshold found: `205 ms`, `≥ 5,000 ms`, `no data`. */
export const formatFound = ({ actual, unit, ...doubt }: ThresholdResult): string =>
  actual === undefined ? NO_DATA : `${doubtSign(doubt)} ${formatQuantity(actual, unit)}`.trimStart()

/** The 95 % interval of what a threshold found, in the unit that this is shown in: `[198, 231]`; empty without one. */
export function formatInterval({ actual, unit, interval }: ThresholdResult): string {
  if (actual === undefined || interval === undefined) return ''
  const factor = unit === 'ms' ? latencyUnit(actual)[1] : unit === 'ratio' ? 100 : 1
  const [low, high] = interval
  return `[${formatNumber(low * factor)}, ${formatNumber(high * factor)}]`
}

/** What a threshold was judged by: `>= 500/s`, and in a scaled run `>= 50/s (500/s × 0.1)`. */
export const formatLimit = ({ limit, scaledLimit }: ThresholdResult): string => scaledLimit ?? limit

/** Both: `205 ms [198, 231]`. */
export const formatActual = (threshold: ThresholdResult): string =>
  [formatFound(threshold), formatInterval(threshold)].filter((text) => text !== '').join(' ')

/** `1 user`, `2 users`. */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`
