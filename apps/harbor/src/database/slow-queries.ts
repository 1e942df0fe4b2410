import type { Logger } from 'pino'
import type { Metrics } from '../metrics/metrics.ts'
import type { QueryObserver } from './watched-pool.ts'

interface Options {
  /** In milliseconds; what takes longer is slow. */
  readonly over: number
  readonly log: Logger
  readonly metrics: Pick<Metrics, 'query' | 'slowQuery'>
}

/** Measures all statements, and tells the slow ones by name: values are people's, and stay out of the log. */
export function observeQueries({ over, log, metrics }: Options): QueryObserver {
  return (statement, seconds, rows) => {
    metrics.query(statement, seconds)
    const duration = seconds * 1000
    if (duration <= over) return
    metrics.slowQuery(statement)
    log.warn({ statement, duration_ms: Math.round(duration), rows }, 'a slow query')
  }
}
