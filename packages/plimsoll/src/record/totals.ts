import type { Interval, SeriesInterval } from './events.ts'
import type { Totals } from './run-record.ts'

export type GrowingTotals = { -readonly [K in keyof Totals]: Totals[K] }

export const noTotals = (): GrowingTotals => ({
  iterations: 0,
  scheduled: 0,
  started: 0,
  dropped: 0,
  failedIterations: 0,
  abortedIterations: 0,
  requests: 0,
  failedRequests: 0,
  checksPassed: 0,
  checksFailed: 0,
  bytesSent: 0,
  bytesReceived: 0,
})

/** `iterations` are those that have ended, in whatever way; `requests` are those with a response time. */
export function addToTotals(totals: GrowingTotals, interval: Interval): void {
  for (const shape of interval.shapes) {
    totals.iterations += shape.completed + shape.failed + shape.aborted
    totals.scheduled += shape.scheduled
    totals.started += shape.started
    totals.dropped += shape.dropped
    totals.failedIterations += shape.failed
    totals.abortedIterations += shape.aborted
  }
  for (const { metric, scope, count, failed } of interval.series) {
    if (metric !== 'http.response_time' || scope !== 'all') continue
    totals.requests += count
    totals.failedRequests += failed
  }
  for (const check of interval.checks) {
    totals.checksPassed += check.passed
    totals.checksFailed += check.failed
  }
  totals.bytesSent += interval.bytesSent
  totals.bytesReceived += interval.bytesReceived
}

/** What the arrivals of a drain add to the judged part before it: each that is started late or dropped was due before it. */
export function addArrivals(totals: GrowingTotals, { shapes }: Interval): void {
  for (const { scheduled, started, dropped } of shapes) {
    totals.scheduled += scheduled
    totals.started += started
    totals.dropped += dropped
  }
}

/**
 * What samples that began in the judged part add to it. Iterations are known by their durations, those that were cut off
 * as well; checks and bytes do not say when they began.
 */
export function addDrained(totals: GrowingTotals, drained: readonly SeriesInterval[]): void {
  for (const { metric, scope, count, failed, censored } of drained) {
    if (scope !== 'all') continue
    if (metric === 'http.response_time') {
      totals.requests += count
      totals.failedRequests += failed
    } else if (metric === 'journey.duration') {
      totals.iterations += count
      totals.failedIterations += failed
      totals.abortedIterations += censored
    }
  }
}
