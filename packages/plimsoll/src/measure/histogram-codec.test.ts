import { deflateSync, inflateSync } from 'node:zlib'
import fc from 'fast-check'
import { build, decodeFromCompressedBase64, HistogramLogReader, HistogramLogWriter } from 'hdr-histogram-js'
import { describe, expect, it } from 'vitest'
import { micros } from '../base/units.ts'
import { decodeBase64, encodeBase64 } from './base64.ts'
import { Histogram, LARGEST } from './histogram.ts'
import { decodeHistogram, encodeHistogram } from './histogram-codec.ts'
import { hlogEntry, hlogHeader, readHlog } from './hlog.ts'

const samples = fc.array(
  fc.tuple(
    fc.oneof(fc.integer({ min: 0, max: 100_000 }), fc.integer({ min: 0, max: LARGEST })),
    fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 2 ** 40 })),
  ),
  { maxLength: 60 },
)

function histogramOf(pairs: readonly (readonly [number, number])[]): Histogram {
  const histogram = new Histogram()
  for (const [value, times] of pairs) histogram.recordMany(micros(value), times)
  return histogram
}

describe('Base64', () => {
  it('equals Buffer, both ways', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const text = encodeBase64(bytes)
        expect(text).toBe(Buffer.from(bytes).toString('base64'))
        expect([...decodeBase64(text)]).toEqual([...bytes])
      }),
    )
  })

  it('refuses what is not Base64', () => {
    expect(() => decodeBase64('abc')).toThrow('multiple of 4')
    expect(() => decodeBase64('ab!c')).toThrow('"!" at 2')
    expect(() => decodeBase64('abç=')).toThrow(RangeError)
  })
})

describe('histogram encoding', () => {
  it('comes back as it went', () => {
    fc.assert(
      fc.property(samples, (pairs) => {
        const histogram = histogramOf(pairs)
        const back = decodeHistogram(encodeHistogram(histogram), histogram)
        expect([...back.entries()]).toEqual([...histogram.entries()])
        expect([back.count, back.sum, back.min, back.max]).toEqual([
          histogram.count,
          histogram.sum,
          histogram.min,
          histogram.max,
        ])
      }),
    )
  })

  it('derives totals from buckets when exact ones are not given', () => {
    const histogram = histogramOf([[1_000_000, 10]])
    const back = decodeHistogram(encodeHistogram(histogram))
    expect(back.count).toBe(10)
    expect(Math.abs(back.sum / 10 - 1_000_000)).toBeLessThanOrEqual(500)
    expect(back.min).toBeLessThanOrEqual(1_000_000)
    expect(back.max).toBeGreaterThanOrEqual(1_000_000)
  })

  it('is small: one second of one endpoint', () => {
    const histogram = new Histogram()
    for (let i = 0; i < 500; i++) histogram.record(micros(5000 + ((i * 7919) % 3000)))
    expect(encodeHistogram(histogram).length).toBeLessThan(1500)
  })

  it('refuses other bytes, cut ones and endless runs', () => {
    const bytes = encodeHistogram(histogramOf([[70_000, 300]]))
    expect(() => decodeHistogram(new Uint8Array(4))).toThrow('V2')
    expect(() => decodeHistogram(bytes.subarray(0, bytes.length - 1))).toThrow('cut short')
    const other = bytes.slice()
    other[15] = 2
    expect(() => decodeHistogram(other)).toThrow('2 digits')
    const far = new Uint8Array(47)
    far.set(bytes.subarray(0, 40))
    new DataView(far.buffer).setInt32(4, 7)
    far.set([0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 2], 40)
    expect(() => decodeHistogram(far)).toThrow('above one hour')
  })

  it('never does worse than a RangeError on any bytes', () => {
    const head = encodeHistogram(new Histogram())
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (tail) => {
        const bytes = new Uint8Array(40 + tail.length)
        bytes.set(head)
        bytes.set(tail, 40)
        new DataView(bytes.buffer).setInt32(4, tail.length)
        try {
          decodeHistogram(bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError)
        }
      }),
    )
  })
})

describe('histogram log', () => {
  const entry = (histogram: Histogram, name = 'POST /rooms/:id, twice') => ({
    metric: 'http.response_time',
    scope: 'endpoint',
    name,
    from: 12,
    length: 1,
    failed: 2,
    censored: 1,
    histogram,
  })

  it('is read by hdr-histogram-js', () => {
    const histogram = histogramOf([
      [0, 3],
      [150, 1],
      [2048, 2],
      [777_777, 40],
      [3_500_000_000, 1],
    ])
    const log = hlogHeader(Date.UTC(2026, 0, 1), 'Plimsoll') + hlogEntry(entry(histogram), deflateSync)
    const reader = new HistogramLogReader(log)
    const theirs = reader.nextIntervalHistogram()
    expect(theirs?.tag).toBe('http.response_time;endpoint;POST%20%2Frooms%2F%3Aid%2C%20twice')
    expect(theirs?.startTimeStampMsec).toBe(Date.UTC(2026, 0, 1) + 12_000)
    expect(theirs?.totalCount).toBe(47)
    for (const percentile of [10, 50, 90, 97, 100]) {
      const ours = histogram.quantile(percentile / 100) ?? Number.NaN
      expect(Math.abs((theirs?.getValueAtPercentile(percentile) ?? Number.NaN) - ours)).toBeLessThanOrEqual(
        ours * 0.001,
      )
    }
    expect(reader.nextIntervalHistogram()).toBeNull()
  })

  it('reads what hdr-histogram-js wrote, bucket by bucket', () => {
    fc.assert(
      fc.property(samples, (pairs) => {
        const theirs = build({ bitBucketSize: 64, highestTrackableValue: LARGEST, numberOfSignificantValueDigits: 3 })
        for (const [value, times] of pairs) theirs.recordValueWithCount(value, times)
        theirs.tag = 'anything'
        let log = ''
        new HistogramLogWriter((text) => {
          log += text
        }).outputIntervalHistogram(theirs, 3, 4)
        const [back] = [...readHlog(log, inflateSync)]
        expect([...(back?.histogram.entries() ?? [])]).toEqual([...histogramOf(pairs).entries()])
        expect(back).toMatchObject({ metric: 'anything', from: 3, length: 1, failed: 0 })
      }),
      { numRuns: 40 },
    )
  })

  it('gives hdr-histogram-js the same counters', () => {
    // A decoded histogram knows its maximum only as the end of a bucket.
    const distribution = (of: ReturnType<typeof build>) => of.outputPercentileDistribution().replace(/#\[Max.*\n/, '')
    fc.assert(
      fc.property(samples, (pairs) => {
        const line = hlogEntry(entry(histogramOf(pairs)), deflateSync)
        const theirs = decodeFromCompressedBase64(line.trimEnd().split(',').at(-1) ?? '', 64)
        const expected = build({ bitBucketSize: 64, highestTrackableValue: LARGEST, numberOfSignificantValueDigits: 3 })
        for (const [value, times] of pairs) expected.recordValueWithCount(value, times)
        expect(distribution(theirs)).toBe(distribution(expected))
      }),
      { numRuns: 40 },
    )
  })

  it('keeps exact totals, any name, and stops quietly at a cut-off line', () => {
    const histogram = histogramOf([[1_234_567, 3]])
    const name = 'GET /a;b=c,d "ü"\t%20'
    const log = hlogHeader(0, 'two\nlines') + hlogEntry(entry(histogram, name), deflateSync)
    const cut = log + hlogEntry(entry(histogram), deflateSync).slice(0, -9)
    const read = [...readHlog(cut, inflateSync)]
    expect(read).toHaveLength(1)
    expect(read[0]).toMatchObject({ name, failed: 2, censored: 1 })
    expect(read[0]?.histogram).toMatchObject({ count: 3, sum: 3_703_701, min: 1_234_567, max: 1_234_567 })
    expect(() => [...readHlog(`${log}nonsense\n`, inflateSync)]).toThrow(/line 8 .*too few fields/)
  })
})
