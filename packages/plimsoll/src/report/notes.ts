import type { RunRecord } from '../record/run-record.ts'
import { formatDuration, plural } from './format.ts'

/** Sentences that a reader of the figures should know. */
export function notesOf(record: RunRecord): string[] {
  const { ended, judged, duration, lostWorkers, overflowed, probes, started, connections, deliveries } = record
  const notes: string[] = []
  if (ended === undefined) {
    notes.push('The run has no end: its process was killed. Everything up to then is here.')
  }
  if (judged.duration <= 0) {
    notes.push('Nothing was judged: the run did not get past its warm-up. Figures are of the whole run.')
  } else if (judged.duration < duration * 0.995) {
    const part = judged.window === 'steady' ? 'the steady part' : 'what follows the warm-up'
    const counts =
      connections.length + deliveries.length > 0 ? ' Deliveries and connections are counted throughout.' : ''
    notes.push(`Figures are of ${part}, ${formatDuration(judged.duration)} of ${formatDuration(duration)}.${counts}`)
  }
  if (started.plan.scale !== 1) {
    notes.push(
      `The profile was scaled by ${started.plan.scale}, and limits on rates with it. All other limits are those of the whole load, under which times, shares and resources may be worse.`,
    )
  }
  if (lostWorkers.length > 0) {
    notes.push(`${plural(lostWorkers.length, 'worker')} fell silent before the end: ${lostWorkers.join(', ')}.`)
  }
  for (const scope of overflowed) notes.push(`There were too many ${scope} names; later ones are summed up as "other".`)
  for (const { probe, trouble } of probes) {
    for (const message of new Set(trouble.map((one) => one.message))) notes.push(`Probe ${probe}: ${message}`)
  }
  return notes
}
