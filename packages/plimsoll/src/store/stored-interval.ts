import { deflateSync, inflateSync } from 'node:zlib'
import { decodeBase64, encodeBase64 } from '../measure/base64.ts'
import { decodeHistogram, encodeHistogram } from '../measure/histogram-codec.ts'
import { type HlogEntry, hlogEntry } from '../measure/hlog.ts'
import type { Interval, SeriesInterval } from '../record/events.ts'

/**
 * How an interval is stored: its histograms in the histogram log, in the order of its series, everything else as a line
 * of JSON. `from` and `length` of the log's lines are for other tools; rejoining goes by order and name.
 */
export type StoredSeries = Omit<SeriesInterval, 'histogram'>

/** A small window: a second of one endpoint is short, and zlib's default takes 256 KB for each call. */
const deflate = (bytes: Uint8Array): Uint8Array => deflateSync(bytes, { level: 6, windowBits: 12, memLevel: 5 })
export const inflate = (bytes: Uint8Array): Uint8Array => inflateSync(bytes)

/** The histogram log's lines of an interval. */
export function histogramLines(interval: Interval): string {
  const from = interval.from / 1000
  const length = (interval.to - interval.from) / 1000
  return interval.series
    .map((series) => {
      const { metric, scope, failed, censored } = series
      const name = wellFormed(series.name)
      const histogram = decodeHistogram(decodeBase64(series.histogram), series)
      return hlogEntry({ metric, scope, name, from, length, failed, censored, histogram }, deflate)
    })
    .join('')
}

export function withoutHistograms(interval: Interval): Omit<Interval, 'series'> & { series: StoredSeries[] } {
  return { ...interval, series: interval.series.map(({ histogram, ...rest }) => rest) }
}

export function isOf(entry: HlogEntry, interval: Interval, { metric, scope, name, count }: StoredSeries): boolean {
  const hasName = entry.metric === metric && entry.scope === scope && entry.name === wellFormed(name)
  // The log's times have three decimals.
  const hasTime = Math.abs(entry.from - interval.from / 1000) < 0.001
  return hasName && hasTime && entry.histogram.count === count
}

/** The log percent-encodes names, which half a surrogate pair cannot be. */
const wellFormed = (name: string): string => name.replaceAll(/\p{Surrogate}/gu, '\uFFFD')

/** JSON has no Infinity, the minimum of nothing. */
export const withHistogram = (stored: StoredSeries, { histogram }: HlogEntry): SeriesInterval => ({
  ...stored,
  min: stored.min ?? Number.POSITIVE_INFINITY,
  histogram: encodeBase64(encodeHistogram(histogram)),
})
