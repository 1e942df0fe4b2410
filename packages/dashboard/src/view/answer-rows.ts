import type { RunRecord } from '../../../plimsoll/src/record/run-record.ts'
import { seriesOf } from './find-series.ts'
import { type LatencyRow, latencyRows, type Window } from './latency-rows.ts'
import { type AnswerMetric, answerKinds } from './run-kinds.ts'

/** A distribution with what it is a distribution of. */
export interface KindRow extends LatencyRow {
  readonly kind: string
}

/** Acknowledgements, requests, waits and connects over sockets; each kind by traffic. */
export const answerRows = (record: RunRecord, window: Window): KindRow[] =>
  (Object.keys(answerKinds) as AnswerMetric[]).flatMap((metric) =>
    latencyRows(record, seriesOf(record, metric, 'endpoint'), window)
      .filter(({ count }) => count > 0)
      .toSorted((a, b) => b.count - a.count || a.name.localeCompare(b.name))
      .map((row) => ({ ...row, kind: answerKinds[metric] })),
  )
