import type { ThresholdSpec } from '../compiled.ts'
import type { Measure } from './limit.ts'

/** The metric of a threshold, read: which series, what of it, and in which kind of unit its limit must be. */
export interface MetricReading {
  readonly series: string
  readonly statistic: ThresholdSpec['statistic']
  readonly measure: Measure
}
