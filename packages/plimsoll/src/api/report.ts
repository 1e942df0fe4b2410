import { judge } from '../judge/judge.ts'
import { RunFold } from '../record/fold.ts'
import { buildModel, type ReportModel } from '../report/model.ts'
import { findRun } from '../store/find-run.ts'
import { readEvents } from '../store/read-run.ts'
import { type ExtraOutputs, writeReports } from './outputs.ts'

export interface MadeReport {
  readonly model: ReportModel
  readonly exitCode: number
  readonly folder: string
  /** Path of the HTML report. */
  readonly report: string
  /** What of the run's folder could not be read. */
  readonly damage: readonly string[]
}

/**
 * Makes the reports of a stored run again, from its events alone.
 * @throws {PlimsollError} RUN_NOT_FOUND, RUN_UNREADABLE, RUN_TOO_NEW
 */
export function remakeReports(runs: string, ref: string, extra: ExtraOutputs): MadeReport {
  const folder = findRun(runs, ref)
  const damage: string[] = []
  const fold = new RunFold()
  for (const event of readEvents(folder, (sentence) => damage.push(sentence))) fold.apply(event)
  const verdict = judge(fold.record)
  const model = buildModel(fold.record, verdict)
  const report = writeReports(folder, model, verdict, extra)
  return { model, exitCode: verdict.exitCode, folder, report, damage }
}
