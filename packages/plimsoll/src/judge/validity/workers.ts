import type { RunRecord } from '../../record/run-record.ts'
import type { ValidityFlag } from '../verdict.ts'

/** All workers were there to the end: a lost one took its share of the load, and its last samples, with it. */
export function checkWorkers(record: RunRecord): ValidityFlag | undefined {
  const { lostWorkers, faults, stop, ended } = record
  const looped = faults.find(({ kind }) => kind === 'looped')
  if (looped !== undefined) {
    return {
      id: 'workers',
      severity: 'invalid',
      reason: `the journey '${looped.journey}' of user ${looped.user} kept its worker from doing anything else: ${looped.message}`,
      advice: 'Look for a loop without an await, or for blocking work, in that journey.',
    }
  }
  const reason = [stop?.reason, ended?.reason].find((one) => one?.kind === 'worker lost')
  if (lostWorkers.length === 0 && reason === undefined) return undefined
  const names = lostWorkers.length === 0 ? 'a worker' : `worker ${lostWorkers.join(', ')}`
  const why = reason?.kind === 'worker lost' ? `: ${reason.message}` : ''
  return {
    id: 'workers',
    severity: 'invalid',
    reason: `${names} fell silent before the end${why}`,
    advice: "See the run's faults for what happened; out of memory is the usual cause: fewer users for each worker.",
  }
}
