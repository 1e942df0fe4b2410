import { exitCodes } from '../base/errors.ts'
import type { StopReason } from '../record/events.ts'
import type { RunRecord } from '../record/run-record.ts'
import { diagnose } from './diagnosis/diagnose.ts'
import { judgeThresholds } from './thresholds/judge-thresholds.ts'
import { checkValidity } from './validity/check-validity.ts'
import { explain } from './validity/explain.ts'
import type { ThresholdResult, Verdict } from './verdict.ts'

/** What a run comes to: thresholds, validity, findings, and the one outcome and exit code that follow. */
export function judge(record: RunRecord): Verdict {
  const thresholds = judgeThresholds(record)
  const validity = checkValidity(record)
  const outcome = outcomeOf(record, thresholds, validity)
  const explanation = outcome.outcome === 'invalid' ? { explanation: explain(validity.flags) } : {}
  return { ...outcome, thresholds, validity, findings: diagnose(record), ...explanation }
}

type Outcome = Pick<Verdict, 'outcome' | 'exitCode'>

const met: Outcome = { outcome: 'met', exitCode: exitCodes.met }
const missed: Outcome = { outcome: 'missed', exitCode: exitCodes.missed }
const invalid: Outcome = { outcome: 'invalid', exitCode: exitCodes.invalid }
const interrupted: Outcome = { outcome: 'interrupted', exitCode: exitCodes.interrupted }

/**
 * The first that holds decides: the system died or did not get ready (4) or the run broke for another reason (2, or 3
 * for a defect of Plimsoll); it was interrupted or killed (130); the measurement is invalid (3); a threshold is missed,
 * has no data or was not judged (1); all are met (0). Somebody who stopped a run asked for no verdict, and a measurement
 * that cannot be trusted has none to give. One exception: when the system's own unsteadiness (V6) is all that makes the
 * run invalid and limits are missed even so, they are missed.
 */
function outcomeOf(record: RunRecord, thresholds: readonly ThresholdResult[], validity: Verdict['validity']): Outcome {
  const reason = record.ended?.reason
  if (reason?.kind === 'system died') return { outcome: 'error', exitCode: exitCodes.systemFailed }
  if (reason?.kind === 'error') return { outcome: 'error', exitCode: exitOfError(reason) }
  if (reason === undefined || reason.kind === 'interrupted') return interrupted
  const isMissed = reason.kind === 'threshold' || thresholds.some(({ verdict }) => verdict === 'missed')
  if (validity.state === 'invalid' && !(isMissed && isOnlyUnsteady(validity))) return invalid
  return isMissed || thresholds.some(({ verdict }) => verdict !== 'met') ? missed : met
}

const isOnlyUnsteady = ({ flags }: Verdict['validity']): boolean =>
  flags.every(({ id, severity }) => severity !== 'invalid' || id === 'V6')

function exitOfError({ code }: Extract<StopReason, { kind: 'error' }>): number {
  if (code === 'SYSTEM_NOT_READY' || code === 'SYSTEM_DIED') return exitCodes.systemFailed
  return code === 'INTERNAL' || code === 'WORKER_LOST' ? exitCodes.invalid : exitCodes.usage
}
