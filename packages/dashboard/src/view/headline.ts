import type { ThresholdState, ValidityFlag, Verdict } from '../../../plimsoll/src/judge/verdict.ts'
import type { RunRecord } from '../../../plimsoll/src/record/run-record.ts'
import { duration } from './format.ts'

type Tone = 'good' | 'bad' | 'warn' | 'neutral'

export interface Headline {
  readonly tone: Tone
  readonly text: string
  /** For the header and the page's title. */
  readonly short: string
}

const doubts: Readonly<Record<ValidityFlag['id'], string>> = {
  V1: 'the generator was late',
  V2: 'the generator’s event loop was blocked',
  V3: 'the machine was busy with other work',
  V4: 'there were too few samples',
  V5: 'the counts contradict the times',
  V6: 'the run never became steady',
  V7: 'the self-calibration failed',
  V8: 'the generator ran out of room',
  V9: 'messages waited in the generator',
  conservation: 'the counts do not add up',
  workers: 'a worker fell silent',
}

/** What a flag comes to, in a few words. */
export const doubtOf = (id: ValidityFlag['id']): string => doubts[id]

/** The one sentence that answers the question the run was made for. */
export function headline(record: RunRecord, verdict: Verdict | undefined): Headline {
  if (verdict === undefined) {
    return record.ended === undefined
      ? { tone: 'neutral', text: runningText(record), short: 'Running' }
      : { tone: 'neutral', text: 'Finished, not judged yet', short: 'Finished' }
  }
  switch (verdict.outcome) {
    case 'met':
      return { tone: 'good', text: metText(verdict), short: 'Holds' }
    case 'missed':
      return { tone: 'bad', text: missedText(verdict), short: 'Missed' }
    case 'invalid':
      return { tone: 'warn', text: `Not valid: ${reasonOfInvalid(verdict)}`, short: 'Not valid' }
    case 'interrupted':
      return { tone: 'warn', text: interruptedText(record), short: 'Interrupted' }
    case 'error':
      return { tone: 'bad', text: failureText(record), short: 'Failed' }
  }
}

const countOf = (verdict: Verdict, state: ThresholdState): number =>
  verdict.thresholds.filter((threshold) => threshold.verdict === state).length

const runningText = ({ duration: ms }: RunRecord): string => (ms > 0 ? `Running for ${duration(ms)}` : 'Starting')

const interruptedText = ({ duration: ms }: RunRecord): string =>
  ms > 0 ? `Interrupted after ${duration(ms)}` : 'Interrupted before anything was measured'

const thresholds = (n: number): string => (n === 1 ? 'threshold' : 'thresholds')

function metText(verdict: Verdict): string {
  const all = verdict.thresholds.length
  if (all === 0) return 'Finished: the profile sets no thresholds'
  const notJudged = countOf(verdict, 'not judged')
  const text = `Holds: ${countOf(verdict, 'met')} of ${all} ${thresholds(all)} met`
  return notJudged === 0 ? text : `${text}, ${notJudged} not judged`
}

function missedText(verdict: Verdict): string {
  const all = verdict.thresholds.length
  const missed = countOf(verdict, 'missed')
  const noData = countOf(verdict, 'no data')
  if (missed === 0) return `${noData} of ${all} ${thresholds(all)} without data`
  const text = `${missed} of ${all} ${thresholds(all)} missed`
  return noData === 0 ? text : `${text}, ${noData} without data`
}

/** Why the percentiles do not count, in words. */
export function reasonOfInvalid(verdict: Verdict): string {
  const first = verdict.validity.flags.find((flag) => flag.severity === 'invalid')
  return first === undefined ? 'the measurement doubts itself' : doubts[first.id]
}

function failureText(record: RunRecord): string {
  const reason = record.ended?.reason ?? record.stop?.reason
  switch (reason?.kind) {
    case 'system died':
      return 'The system died'
    case 'worker lost':
      return 'A worker was lost'
    case 'error':
      return `The run failed: ${reason.message}`
    default:
      return 'The run failed'
  }
}
