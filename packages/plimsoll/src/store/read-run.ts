import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { PlimsollError } from '../base/errors.ts'
import type { HlogEntry } from '../measure/hlog.ts'
import type { Interval, RunEvent, SeriesInterval } from '../record/events.ts'
import { checkVersion } from '../record/version.ts'
import { damaged } from './damaged.ts'
import { readHistograms } from './read-histograms.ts'
import { type Line, readLines } from './read-lines.ts'
import { runFiles } from './run-files.ts'
import { isOf, type StoredSeries, withHistogram } from './stored-interval.ts'

/**
 * A run's events as they were published, one at a time, so that a run of any length can be folded. What a killed process
 * or a full disk left unfinished at the end is passed over and told to `onDamage`, a sentence each.
 * @throws {PlimsollError} RUN_UNREADABLE naming file and line, RUN_TOO_NEW
 */
export function* readEvents(folder: string, onDamage: (sentence: string) => void = () => {}): Generator<RunEvent> {
  const path = join(folder, runFiles.events)
  if (!existsSync(path)) {
    throw new PlimsollError('RUN_UNREADABLE', `${folder} holds no run: there is no ${runFiles.events} in it`, {
      hint: 'Name a run folder; `plimsoll runs` lists them.',
    })
  }
  const histograms = new HistogramCursor(join(folder, runFiles.histograms))
  let next = 0
  for (const line of readLines(path)) {
    if (!line.isWhole) {
      onDamage(
        `the last line of ${runFiles.events} is cut off: the run was killed, or the disk was full, while it was written`,
      )
      return
    }
    const event = parseEvent(line)
    if (event.type === 'run.started') checkVersion(event.version)
    if (event.seq !== next) onDamage(`events ${next} to ${event.seq - 1} are missing from ${runFiles.events}`)
    next = event.seq + 1
    const joined = event.type === 'interval' ? histograms.join(event, line) : event
    if (joined === undefined) {
      onDamage(`${runFiles.histograms} ends before ${runFiles.events} does: the run is read up to there`)
      return
    }
    yield joined
  }
}

/** All events of a run at once: see `readEvents`. */
export const readRun = (folder: string, onDamage?: (sentence: string) => void): RunEvent[] => [
  ...readEvents(folder, onDamage),
]

function parseEvent(line: Line): RunEvent {
  let event: Partial<RunEvent> | null
  try {
    event = JSON.parse(line.text)
  } catch (error) {
    throw damaged(runFiles.events, line.number, error instanceof Error ? error.message : String(error))
  }
  if (typeof event?.type !== 'string' || typeof event.seq !== 'number') {
    throw damaged(runFiles.events, line.number, 'it is no event: it has no type, or no number')
  }
  return event as RunEvent
}

/** Walks the histogram log beside the events, which have the same order. */
class HistogramCursor {
  readonly #path: string
  #entries: Generator<HlogEntry> | undefined

  constructor(path: string) {
    this.#path = path
  }

  /** Undefined when the log ends before the interval's last histogram. */
  join<E extends Interval>(interval: E, line: Line): E | undefined {
    const series: SeriesInterval[] = []
    for (const stored of interval.series as readonly StoredSeries[]) {
      const entry = this.#next()
      if (entry === undefined) return undefined
      if (!isOf(entry, interval, stored)) {
        const wanted = `${stored.metric} of ${stored.name === '' ? 'everything' : stored.name}`
        throw damaged(runFiles.events, line.number, `${runFiles.histograms} does not hold its ${wanted} in its place`)
      }
      series.push(withHistogram(stored, entry))
    }
    return { ...interval, series }
  }

  #next(): HlogEntry | undefined {
    if (this.#entries === undefined) {
      if (!existsSync(this.#path)) {
        throw new PlimsollError('RUN_UNREADABLE', `the run has lost its ${runFiles.histograms}`, {
          hint: 'Put the file back beside events.ndjson: without it there are no percentiles.',
        })
      }
      this.#entries = readHistograms(this.#path)
    }
    const { value, done } = this.#entries.next()
    return done === true ? undefined : value
  }
}
