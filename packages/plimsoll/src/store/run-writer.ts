import { existsSync, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { PlimsollError } from '../base/errors.ts'
import { hlogHeader } from '../measure/hlog.ts'
import type { RunEvent } from '../record/events.ts'
import { LinesFile } from './lines-file.ts'
import { runFiles } from './run-files.ts'
import { runName } from './run-name.ts'
import { histogramLines, withoutHistograms } from './stored-interval.ts'
import { writeError } from './write-error.ts'

export interface RunMeta {
  readonly startedAt: Date
  readonly plan: string
  readonly profile: string
  /** Told once, when the first write fails: from there on nothing more is stored, and the run goes on. */
  readonly onTrouble: (error: PlimsollError) => void
}

/**
 * Writes a run's folder while the run goes on. Histograms are written before the line that they belong to, so that every
 * line of events.ndjson has its histograms, whenever the process is killed.
 */
export class RunWriter {
  /** Absolute. */
  readonly folder: string
  readonly name: string
  readonly #events: LinesFile
  readonly #histograms: LinesFile
  readonly #onTrouble: (error: PlimsollError) => void
  #isOpen = true

  private constructor(folder: string, name: string, meta: RunMeta) {
    this.folder = folder
    this.name = name
    this.#onTrouble = meta.onTrouble
    this.#histograms = new LinesFile(this.path(runFiles.histograms))
    this.#events = new LinesFile(this.path(runFiles.events))
    const header = hlogHeader(meta.startedAt.getTime(), `Plimsoll: ${name}, values in microseconds`)
    this.#guard(this.#histograms, (file) => file.append(header))
  }

  /**
   * Makes a folder of its own in `outDir`, and `outDir` when it is not there.
   * @throws {PlimsollError} OUTPUT_UNWRITABLE
   */
  static create(outDir: string, meta: RunMeta): RunWriter {
    const name = runName(meta.startedAt, meta.plan, meta.profile)
    const parent = resolve(outDir)
    try {
      mkdirSync(parent, { recursive: true })
      const taken = makeFolder(parent, name)
      return new RunWriter(join(parent, taken), taken, meta)
    } catch (error) {
      throw writeError(parent, error)
    }
  }

  /** The path of a file in the run's folder. */
  path(file: string): string {
    return join(this.folder, file)
  }

  append(event: RunEvent): void {
    if (event.type !== 'interval') {
      this.#guard(this.#events, (file) => file.append(`${JSON.stringify(event)}\n`))
      return
    }
    this.#guard(this.#histograms, (file) => file.append(histogramLines(event)))
    this.#guard(this.#events, (file) => file.append(`${JSON.stringify(withoutHistograms(event))}\n`))
  }

  close(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#histograms.close()
    this.#events.close()
  }

  #guard(file: LinesFile, write: (file: LinesFile) => void): void {
    if (!this.#isOpen) return
    try {
      write(file)
    } catch (error) {
      this.close()
      this.#onTrouble(writeError(file.path, error))
    }
  }
}

/** Makes `name`, or `name-2`, `name-3`… when another run of the same second has it. */
function makeFolder(parent: string, name: string): string {
  for (let attempt = 1; ; attempt++) {
    const candidate = attempt === 1 ? name : `${name}-${attempt}`
    try {
      mkdirSync(join(parent, candidate))
      return candidate
    } catch (error) {
      const isTaken = (error as NodeJS.ErrnoException).code === 'EEXIST' && existsSync(join(parent, candidate))
      if (!isTaken) throw error
    }
  }
}
