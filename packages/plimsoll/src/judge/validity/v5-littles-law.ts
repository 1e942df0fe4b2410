import { littlesGap } from '../../measure/littles-law.ts'
import type { RunRecord } from '../../record/run-record.ts'
import type { ValidityFlag } from '../verdict.ts'
import { overall } from './rule.ts'
import { number, percent } from './text.ts'

/** The two clocks read their instants a few callbacks apart, in milliseconds for each request. */
const READING_ERROR = 0.05

/**
 * V5: Little's law. The integral of requests under way, counted by the connections, must equal the sum of the recorded
 * times: above 1 % suspect, above 3 % invalid, for then samples are lost, doubled or invented (§3.3). Looked at over
 * the whole run, which begins and ends empty. A request is under way from being handed over to being answered, which
 * lies between its service time and its response time. Nothing can be said of a run that did not end.
 */
export function checkLittlesLaw(record: RunRecord): ValidityFlag | undefined {
  const response = overall(record, 'http.response_time', 'whole')
  if (record.ended === undefined || record.lostWorkers.length > 0 || response === undefined) return undefined
  const last = record.timeline.at(-1)?.generators ?? []
  if (last.some(({ inFlightRequests }) => inFlightRequests > 0)) return undefined
  const generators = record.timeline.flatMap((point) => point.generators)
  const area = generators.reduce((sum, { inFlightArea }) => sum + inFlightArea, 0)
  const error = READING_ERROR * response.count
  const gap = littlesGap({
    area,
    least: (overall(record, 'http.service_time', 'whole')?.histogram.sum ?? 0) / 1000 - error,
    most: response.histogram.sum / 1000 + error,
  })
  if (gap === undefined || Math.abs(gap) <= 0.01) return undefined
  return {
    id: 'V5',
    severity: Math.abs(gap) > 0.03 ? 'invalid' : 'suspect',
    reason: `the times of ${number(response.count)} requests add up to ${percent(Math.abs(gap))} ${gap > 0 ? 'less' : 'more'} than the time that requests were seen under way (Little's law)`,
    advice: 'Samples were lost or invented: a defect of Plimsoll. Please report it with the run folder.',
  }
}
