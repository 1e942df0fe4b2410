/** What a run folder holds. */
export const runFiles = {
  events: 'events.ndjson',
  histograms: 'histograms.hlog',
  result: 'result.json',
  report: 'report.html',
  log: 'system.log',
} as const
