import { type Millis, millis } from '../../base/units.ts'
import { encodeBase64 } from '../../measure/base64.ts'
import { Histogram } from '../../measure/histogram.ts'
import { decodeHistogram, encodeHistogram } from '../../measure/histogram-codec.ts'
import type { HostInterval, Interval, Phase, Scope, SeriesInterval } from '../../record/events.ts'
import { addFigures, sumBy } from '../../record/sum-by.ts'
import type { Frame, SeriesFrame } from '../wire.ts'
import { mergeSockets } from './merge-sockets.ts'

/** What the coordinator knows of an interval besides its frames. */
export interface IntervalContext {
  readonly index: number
  readonly from: Millis
  readonly phase: (from: Millis, to: Millis) => Phase
  readonly host: HostInterval
  readonly missingWorkers: readonly number[]
  /** Series that only the coordinator can make, from what several workers tell. */
  readonly joint?: readonly SeriesFrame[]
}

/** Adds up all workers' frames of one second: counts, never percentiles. Series over all names are made here. */
export function mergeFrames(frames: readonly Frame[], context: IntervalContext): Interval {
  const { index, from, missingWorkers, host, joint = [] } = context
  const overflowed = [...new Set(frames.flatMap((frame) => frame.overflowed))]
  const to = millis(Math.max(from, ...frames.map((frame) => frame.to)))
  return {
    type: 'interval',
    index,
    from,
    to,
    phase: context.phase(from, to),
    series: mergeSeries([...frames.flatMap(({ series }) => series), ...joint]),
    shapes: sumBy(
      frames.flatMap(({ shapes }) => shapes),
      ({ shape }) => shape,
      addFigures,
    ),
    checks: sumBy(
      frames.flatMap(({ checks }) => checks),
      ({ name }) => name,
      (a, b) => ({ name: a.name, passed: a.passed + b.passed, failed: a.failed + b.failed }),
    ),
    errors: sumBy(
      frames.flatMap(({ errors }) => errors),
      ({ code, name }) => `${code}\n${name}`,
      (a, b) => ({ code: a.code, name: a.name, count: a.count + b.count }),
    ),
    ...mergeSockets(frames),
    bytesSent: frames.reduce((sum, frame) => sum + frame.bytesSent, 0),
    bytesReceived: frames.reduce((sum, frame) => sum + frame.bytesReceived, 0),
    generators: frames.map(({ generator }) => generator),
    host,
    missingWorkers,
    ...(overflowed.length > 0 ? { overflowed } : {}),
  }
}

interface MergedSeries {
  metric: string
  scope: Scope
  name: string
  count: number
  failed: number
  censored: number
  histogram: Histogram
}

/** Names partition the traffic, so their sum is the whole; tags overlap, so theirs would not be. */
const partitions: ReadonlySet<string> = new Set(['endpoint', 'step', 'journey'])

function mergeSeries(frames: readonly SeriesFrame[]): SeriesInterval[] {
  const merged = new Map<string, MergedSeries>()
  for (const frame of frames) {
    const histogram = decodeHistogram(frame.histogram)
    // The exact figures travel beside the buckets, whose bounds are all that the encoding can give back.
    histogram.sum = frame.sum
    histogram.min = frame.min
    histogram.max = frame.max
    addTo(merged, frame, frame.scope as Scope, frame.name, histogram)
    if (partitions.has(frame.scope)) addTo(merged, frame, 'all', '', histogram)
  }
  return [...merged.values()].map(({ histogram, ...rest }) => ({
    ...rest,
    sum: histogram.sum,
    min: histogram.min,
    max: histogram.max,
    histogram: encodeBase64(encodeHistogram(histogram)),
  }))
}

function addTo(
  merged: Map<string, MergedSeries>,
  { metric, count, failed, censored }: SeriesFrame,
  scope: Scope,
  name: string,
  histogram: Histogram,
): void {
  const key = `${metric}\n${scope}\n${name}`
  let into = merged.get(key)
  if (into === undefined) {
    into = { metric, scope, name, count: 0, failed: 0, censored: 0, histogram: new Histogram() }
    merged.set(key, into)
  }
  into.count += count
  into.failed += failed
  into.censored += censored
  into.histogram.add(histogram)
}
