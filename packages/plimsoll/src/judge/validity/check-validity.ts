import type { RunRecord } from '../../record/run-record.ts'
import type { Verdict } from '../verdict.ts'
import { checkConservation } from './conservation.ts'
import type { ValidityRule } from './rule.ts'
import { checkSchedule } from './v1-schedule.ts'
import { checkEventLoop } from './v2-event-loop.ts'
import { checkNeighbours } from './v3-neighbours.ts'
import { checkSamples } from './v4-samples.ts'
import { checkLittlesLaw } from './v5-littles-law.ts'
import { checkStationarity } from './v6-stationarity.ts'
import { checkCalibration } from './v7-calibration.ts'
import { checkLimits } from './v8-limits.ts'
import { checkReceiveWait } from './v9-receive-wait.ts'
import { checkWorkers } from './workers.ts'

const rules: readonly ValidityRule[] = [
  checkWorkers,
  checkConservation,
  checkSchedule,
  checkEventLoop,
  checkNeighbours,
  checkSamples,
  checkLittlesLaw,
  checkStationarity,
  checkCalibration,
  checkLimits,
  checkReceiveWait,
]

/** How far the measurement trusts itself: every rule's flag, the gravest first and deciding. */
export function checkValidity(record: RunRecord): Verdict['validity'] {
  const flags = rules.flatMap((rule) => rule(record) ?? [])
  const isInvalid = flags.some(({ severity }) => severity === 'invalid')
  flags.sort((a, b) => Number(b.severity === 'invalid') - Number(a.severity === 'invalid'))
  return { state: isInvalid ? 'invalid' : flags.length > 0 ? 'suspect' : 'valid', flags }
}
