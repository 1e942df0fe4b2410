import { type HlogEntry, readHlog } from '../measure/hlog.ts'
import { damaged } from './damaged.ts'
import { type Line, readLines } from './read-lines.ts'
import { runFiles } from './run-files.ts'
import { inflate } from './stored-interval.ts'

/**
 * The entries of a histogram log, one at a time, up to a torn end.
 * @throws {PlimsollError} RUN_UNREADABLE naming the damaged line
 */
export function* readHistograms(path: string): Generator<HlogEntry> {
  /** The comment with the exact totals of the entry that follows it. */
  let comment = ''
  for (const line of readLines(path)) {
    if (line.text.startsWith('#')) comment = line.text
    else if (!line.text.startsWith('"') && line.isWhole) {
      yield readEntry(comment, line)
      comment = ''
    }
  }
}

function readEntry(comment: string, line: Line): HlogEntry {
  try {
    const [entry] = readHlog(`${comment}\n${line.text}\n`, inflate)
    if (entry === undefined) throw new RangeError('it holds no histogram')
    return entry
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw damaged(runFiles.histograms, line.number, reason.replace(/^line \d+ of the histogram log: /, ''))
  }
}
