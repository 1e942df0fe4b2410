import { boundsOf, type ExactTotals, Histogram, LARGEST, midpointOf } from './histogram.ts'

/**
 * HdrHistogram's V2 encoding (the Java reference's `encodeIntoByteBuffer`): a header of 40 bytes, then each counter in
 * ZigZag LEB128, a run of n zero counters written as −n. One second of one endpoint takes 100 to 1,500 bytes.
 */
const COOKIE = 0x1c849303 | 0x10
const COOKIE_MASK = 0xffffff0f
const COOKIE_BASE = 0x1c849303
const HEADER = 40
const DIGITS = 3
/** ZigZag doubles a count, so counts to 2^53 need 54 bits: 8 groups of 7. */
const MOST_BYTES = 8

export function encodeHistogram(histogram: Histogram): Uint8Array {
  let buffer = new Uint8Array(512)
  let at = HEADER
  let next = 0
  const put = (value: number): void => {
    if (at + MOST_BYTES > buffer.length) {
      const larger = new Uint8Array(buffer.length * 2)
      larger.set(buffer)
      buffer = larger
    }
    at = writeVarint(buffer, at, value < 0 ? -value * 2 - 1 : value * 2)
  }
  for (const [index, count] of histogram.entries()) {
    const zeros = index - next
    // The reference writes a single zero as a count of 0.
    if (zeros > 0) put(zeros === 1 ? 0 : -zeros)
    put(count)
    next = index + 1
  }
  const view = new DataView(buffer.buffer)
  view.setInt32(0, COOKIE)
  view.setInt32(4, at - HEADER)
  view.setInt32(8, 0)
  view.setInt32(12, DIGITS)
  view.setBigInt64(16, 1n)
  view.setBigInt64(24, BigInt(LARGEST))
  view.setFloat64(32, 1)
  return buffer.slice(0, at)
}

/**
 * Reads a histogram back. Without `exact`, sum, minimum and maximum are those of the buckets' midpoints and bounds.
 * @throws {RangeError} when the bytes are something else, cut short, or of another unit or precision.
 */
export function decodeHistogram(bytes: Uint8Array, exact?: ExactTotals): Histogram {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < HEADER || (view.getInt32(0) & COOKIE_MASK) >>> 0 !== COOKIE_BASE) {
    throw new RangeError('not an HdrHistogram in V2 encoding')
  }
  if (view.getInt32(12) !== DIGITS || view.getBigInt64(16) !== 1n) {
    throw new RangeError(`a histogram of ${view.getInt32(12)} digits from ${view.getBigInt64(16)}, not of 3 from 1`)
  }
  const end = HEADER + view.getInt32(4)
  if (end > bytes.length || end < HEADER) throw new RangeError('a histogram that is cut short')
  const histogram = new Histogram()
  const last = { value: 0, at: HEADER }
  let index = 0
  while (last.at < end) {
    readVarint(bytes, end, last)
    const { value } = last
    if (value % 2 === 1) {
      index += (value + 1) / 2
      continue
    }
    if (index >= TOP) throw new RangeError('a histogram with counts above one hour')
    if (value > 0) histogram.addAt(index, value / 2)
    index++
  }
  histogram.setExact(exact ?? totalsOfBuckets(histogram))
  return histogram
}

/** One past the last counter of the octave that holds `LARGEST`. */
const TOP = 23 * 1024

function totalsOfBuckets(histogram: Histogram): ExactTotals {
  let sum = 0
  let min = Number.POSITIVE_INFINITY
  let max = 0
  for (const [index, count] of histogram.entries()) {
    sum += midpointOf(index) * count
    const { from, to } = boundsOf(index)
    if (from < min) min = from
    max = to
  }
  return { sum, min, max }
}

function writeVarint(buffer: Uint8Array, start: number, value: number): number {
  let at = start
  let rest = value
  while (rest >= 128) {
    buffer[at++] = (rest % 128) | 128
    rest = Math.floor(rest / 128)
  }
  buffer[at++] = rest
  return at
}

function readVarint(bytes: Uint8Array, end: number, into: { value: number; at: number }): void {
  let value = 0
  let weight = 1
  for (;;) {
    if (into.at >= end) throw new RangeError('a histogram that is cut short')
    const byte = bytes[into.at++]!
    value += (byte & 127) * weight
    if (byte < 128) break
    weight *= 128
    if (weight > 2 ** 56) throw new RangeError('a histogram with a count beyond 2^56')
  }
  into.value = value
}
