import { decodeBase64, encodeBase64 } from './base64.ts'
import type { ExactTotals, Histogram } from './histogram.ts'
import { decodeHistogram, encodeHistogram } from './histogram-codec.ts'

/**
 * HdrHistogram's log format 1.3, as its Java reference writes it: one line for each interval and tag, a histogram
 * compressed by zlib in Base64. Other tools (HistogramLogAnalyzer, hdr-histogram-js) read these files.
 *
 * The tag is the series: metric, scope and name, percent-encoded because a tag may hold neither comma nor space, and
 * joined with `;`. What buckets cannot give back (exact sum, minimum, maximum, failed, censored) stands in a comment
 * above its line: inside the tag it would make each line a series of its own for other tools.
 */
const COMPRESSED_COOKIE = 0x1c849304 | 0x10
const EXACT = '#[Plimsoll exact: '

/** zlib's deflate (RFC 1950), passed in because this folder knows neither Node nor a browser. */
export type Transform = (bytes: Uint8Array) => Uint8Array

export interface HlogEntry {
  readonly metric: string
  readonly scope: string
  readonly name: string
  /** Seconds since the log's start, and how long. */
  readonly from: number
  readonly length: number
  readonly failed: number
  readonly censored: number
  readonly histogram: Histogram
}

/** The lines that begin a log. `startedAt` is in milliseconds since 1970; entries count from it. */
export function hlogHeader(startedAt: number, comment: string): string {
  const seconds = (startedAt / 1000).toFixed(3)
  const date = new Date(startedAt).toISOString()
  return [
    `#[${comment.replaceAll(/[\r\n]/g, ' ')}]`,
    '#[Histogram log format version 1.3]',
    `#[StartTime: ${seconds} (seconds since epoch), ${date}]`,
    `#[BaseTime: ${seconds} (seconds since epoch)]`,
    '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"',
    '',
  ].join('\n')
}

/** One entry's two lines; the maximum is in milliseconds. */
export function hlogEntry(entry: HlogEntry, deflate: Transform): string {
  const { histogram, failed, censored } = entry
  const { sum, min, max } = histogram
  const exact = JSON.stringify({ sum, min: histogram.isEmpty ? null : min, max, failed, censored })
  const tag = [entry.metric, entry.scope, entry.name].map(encodeURIComponent).join(';')
  const times = `${entry.from.toFixed(3)},${entry.length.toFixed(3)},${(max / 1000).toFixed(3)}`
  return `${EXACT}${exact}]\nTag=${tag},${times},${compress(histogram, deflate)}\n`
}

/**
 * Reads a log, also one that other tools wrote (without exact totals, with any tag or none) and one whose last line was
 * cut off.
 * @throws {RangeError} for a whole line that is no entry, naming the line.
 */
export function* readHlog(text: string, inflate: Transform): Generator<HlogEntry> {
  const lines = text.split('\n')
  const whole = text.endsWith('\n') ? lines.length : lines.length - 1
  let exact: Exact | undefined
  for (let i = 0; i < lines.length; i++) {
    const line = (lines[i] ?? '').trim()
    if (line.startsWith(EXACT)) exact = readExact(line)
    if (line === '' || line.startsWith('#') || line.startsWith('"')) continue
    try {
      yield readEntry(line, exact, inflate)
    } catch (error) {
      if (i >= whole) return
      throw new RangeError(`line ${i + 1} of the histogram log: ${error instanceof Error ? error.message : error}`)
    }
    exact = undefined
  }
}

interface Exact extends ExactTotals {
  readonly failed: number
  readonly censored: number
}

function readExact(line: string): Exact | undefined {
  try {
    const { sum, min, max, failed, censored } = JSON.parse(line.slice(EXACT.length, -1))
    return { sum, min: min ?? Number.POSITIVE_INFINITY, max, failed, censored }
  } catch {
    return undefined
  }
}

function readEntry(line: string, exact: Exact | undefined, inflate: Transform): HlogEntry {
  const fields = line.split(',')
  const tag = fields[0]?.startsWith('Tag=') ? fields.shift()?.slice(4) : undefined
  const [from, length, , payload] = fields
  if (from === undefined || length === undefined || payload === undefined) throw new RangeError('too few fields')
  const [metric = '', scope = '', name = ''] = (tag ?? '').split(';').map(decodeURIComponent)
  return {
    metric,
    scope,
    name,
    from: Number.parseFloat(from),
    length: Number.parseFloat(length),
    failed: exact?.failed ?? 0,
    censored: exact?.censored ?? 0,
    histogram: decompress(payload, inflate, exact),
  }
}

function compress(histogram: Histogram, deflate: Transform): string {
  const packed = deflate(encodeHistogram(histogram))
  const bytes = new Uint8Array(8 + packed.length)
  const view = new DataView(bytes.buffer)
  view.setInt32(0, COMPRESSED_COOKIE)
  view.setInt32(4, packed.length)
  bytes.set(packed, 8)
  return encodeBase64(bytes)
}

function decompress(payload: string, inflate: Transform, exact: ExactTotals | undefined): Histogram {
  const bytes = decodeBase64(payload)
  const view = new DataView(bytes.buffer)
  if (bytes.length < 8 || view.getInt32(0) !== COMPRESSED_COOKIE) throw new RangeError('not a compressed histogram')
  return decodeHistogram(inflate(bytes.subarray(8, 8 + view.getInt32(4))), exact)
}
