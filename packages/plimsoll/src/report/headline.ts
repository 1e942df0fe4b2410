import type { ThresholdState, ValidityFlag, Verdict } from '../judge/verdict.ts'
import type { StopReason } from '../record/events.ts'
import type { RunRecord } from '../record/run-record.ts'
import { formatDuration, plural } from './format.ts'

const doubts: Readonly<Record<ValidityFlag['id'], string>> = {
  V1: 'the load did not come as planned',
  V2: 'the generator’s event loop was held up',
  V3: 'the machine was busy with other work',
  V4: 'there are too few samples',
  V5: 'counts and times contradict each other',
  V6: 'the run never became steady',
  V7: 'the generator failed its calibration',
  V8: 'the generator ran into a limit',
  V9: 'messages waited in the generator',
  conservation: 'the counts do not add up',
  workers: 'a worker was lost',
}

/** The one sentence that answers the question the run was made for. */
export function headline(record: RunRecord, verdict: Verdict): string {
  switch (verdict.outcome) {
    case 'met':
      return metText(verdict)
    case 'missed':
      return missedText(verdict)
    case 'invalid': {
      const flags = verdict.validity.flags.filter(({ severity }) => severity === 'invalid')
      const why = [...new Set(flags.map(({ id }) => doubts[id]))]
      return `The measurement is not valid: ${why.join('; ')}`
    }
    case 'interrupted':
      return interruptedText(record)
    case 'error':
      return failureText(record.ended?.reason)
  }
}

/** Why the run ended before its time; undefined when it did not. */
export function endedEarly({ ended, stop }: RunRecord): string | undefined {
  const reason = stop?.reason ?? ended?.reason
  const at = stop?.at ?? ended?.at
  if (reason === undefined || at === undefined || reason.kind === 'finished') return undefined
  return `after ${formatDuration(at)}: ${reasonText(reason)}`
}

const countOf = (verdict: Verdict, state: ThresholdState): number =>
  verdict.thresholds.filter((threshold) => threshold.verdict === state).length

function metText(verdict: Verdict): string {
  const all = verdict.thresholds.length
  if (all === 0) return 'Finished; the profile sets no thresholds'
  return all === 1 ? 'The threshold is met' : `All ${all} thresholds are met`
}

function missedText(verdict: Verdict): string {
  const states = [
    ['missed', countOf(verdict, 'missed')],
    ['without data', countOf(verdict, 'no data')],
    ['not judged', countOf(verdict, 'not judged')],
  ] as const
  const [first, ...rest] = states.filter(([, count]) => count > 0)
  if (first === undefined) return 'A threshold was missed while the run went on'
  const [state, count] = first
  const more = rest.map(([otherState, otherCount]) => `, ${otherCount} ${otherState}`).join('')
  return `${count} of ${plural(verdict.thresholds.length, 'threshold')} ${state}${more}`
}

function interruptedText({ ended, duration }: RunRecord): string {
  const after = formatDuration(duration)
  return ended === undefined ? `The run was killed after ${after}` : `Interrupted after ${after}`
}

function failureText(reason: StopReason | undefined): string {
  return reason === undefined ? 'The run failed' : `The run failed: ${reasonText(reason)}`
}

function reasonText(reason: StopReason): string {
  switch (reason.kind) {
    case 'finished':
      return 'finished'
    case 'interrupted':
      return `${reason.signal}${reason.forced ? ', a second time' : ''}`
    case 'threshold':
      return `${reason.threshold} was missed, and the plan says to stop then`
    case 'broken':
      return `the system was broken: ${reason.criterion}`
    case 'system died':
      return `the system died: ${reason.message}`
    case 'worker lost':
      return `a worker was lost: ${reason.message}`
    case 'error':
      return reason.message
  }
}
