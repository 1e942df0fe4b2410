import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RunStarted } from '../record/events.ts'
import { readLines } from './read-lines.ts'
import { runFiles } from './run-files.ts'

/** What a list of runs shows of one. */
export interface RunSummary {
  readonly name: string
  readonly folder: string
  readonly plan: string
  readonly profile: string
  readonly startedAt: string
  /** From result.json; undefined for a run that goes on, or was killed. */
  readonly result: { readonly verdict: string; readonly durationMs: number } | undefined
}

/** The runs in `dir`, oldest first; folders that hold no readable run are passed over. No folder, no runs. */
export function listRuns(dir: string): RunSummary[] {
  return runNames(dir).flatMap((name) => {
    const folder = join(dir, name)
    const started = readStarted(folder)
    if (started === undefined) return []
    const { plan, startedAt } = started
    return [{ name, folder, plan: plan.name, profile: plan.profile, startedAt, result: readResult(folder) }]
  })
}

/** Names of the folders in `dir`, in their order of time. */
export function runNames(dir: string): string[] {
  try {
    const entries = readdirSync(dir, { withFileTypes: true })
    return entries
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .toSorted(byTime)
  } catch {
    return []
  }
}

/** Names sort as they are, but `…-10` comes after `…-9`. */
const byTime = new Intl.Collator('en', { numeric: true }).compare

function readStarted(folder: string): RunStarted | undefined {
  try {
    for (const { text } of readLines(join(folder, runFiles.events))) {
      const event = JSON.parse(text)
      return event?.type === 'run.started' ? event : undefined
    }
  } catch {
    // No run, or one whose first line is damaged.
  }
  return undefined
}

function readResult(folder: string): RunSummary['result'] {
  try {
    const { verdict, durationMs } = JSON.parse(readFileSync(join(folder, runFiles.result), 'utf8'))
    return typeof verdict === 'string' && typeof durationMs === 'number' ? { verdict, durationMs } : undefined
  } catch {
    return undefined
  }
}
