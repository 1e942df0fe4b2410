import { millis } from '../base/units.ts'
import { formatDuration } from '../report/format.ts'
import { listRuns } from '../store/list-runs.ts'

export interface StoredRun {
  readonly name: string
  /** `unfinished` for a run that goes on or was killed. */
  readonly verdict: string
  readonly duration: string
}

/** The runs of a folder, oldest first. */
export function storedRuns(folder: string): StoredRun[] {
  return listRuns(folder).map(({ name, result }) => ({
    name,
    verdict: result?.verdict ?? 'unfinished',
    duration: result === undefined ? '' : formatDuration(millis(result.durationMs)),
  }))
}
