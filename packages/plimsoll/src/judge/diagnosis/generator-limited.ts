import type { RunRecord } from '../../record/run-record.ts'
import { lateStarts } from '../validity/v1-schedule.ts'
import { checkEventLoop } from '../validity/v2-event-loop.ts'
import { checkNeighbours } from '../validity/v3-neighbours.ts'
import type { Finding } from '../verdict.ts'

/** The generator was what was slow. Asked before any other cause: while it holds, nothing can be said of the system. */
export function findGeneratorLimited(record: RunRecord): Finding | undefined {
  const flags = [lateStarts(record), checkEventLoop(record)].filter((flag) => flag?.severity === 'invalid')
  const [first] = flags
  if (first === undefined) return undefined
  const neighbours = checkNeighbours(record)
  if (neighbours?.severity === 'invalid') {
    return {
      id: 'generator-limited',
      title: 'Other work on its machine held the generator up',
      confidence: 0.95,
      evidence: [neighbours, ...flags].flatMap((flag) => (flag === undefined ? [] : `${flag.id}: ${flag.reason}`)),
      recommendation: neighbours.advice,
    }
  }
  return {
    id: 'generator-limited',
    title: 'The generator was the bottleneck, not the system',
    confidence: flags.length > 1 ? 0.95 : 0.8,
    evidence: flags.flatMap((flag) => (flag === undefined ? [] : `${flag.id}: ${flag.reason}`)),
    recommendation: first.advice,
  }
}
