import type { Alerts } from '../alerts/alerts.ts'
import type { PerformanceRow } from './performance.ts'

interface Rule {
  readonly title: string
  readonly value: (row: PerformanceRow) => number
  readonly above: number
  readonly unit: string
}

/** The alerts of seed 001. */
const rules: readonly Rule[] = [
  { title: 'slow answers (p99)', value: ({ latency }) => latency.p99, above: 1000, unit: 'ms' },
  { title: 'high error rate', value: ({ requests }) => requests.errorRate, above: 1, unit: '%' },
  { title: 'high memory', value: ({ system }) => system.memory, above: 500, unit: 'MB' },
  { title: 'high CPU', value: ({ system }) => system.cpu, above: 80, unit: '%' },
  { title: 'slow Redis', value: ({ redis }) => redis.latency, above: 50, unit: 'ms' },
]

/** Raises an alert for each limit that a minute exceeded and the minute before did not. */
export function performanceAlerts(alerts: Alerts): (row: PerformanceRow) => void {
  let exceeded: ReadonlySet<Rule> = new Set()
  return (row) => {
    const now = new Set(rules.filter(({ value, above }) => value(row) > above))
    for (const rule of now) {
      if (exceeded.has(rule)) continue
      const { title, value, above, unit } = rule
      alerts.raise({ severity: 'high', title, details: { value: `${value(row)} ${unit}`, limit: `${above} ${unit}` } })
    }
    exceeded = now
  }
}
