import { PlimsollError } from '../base/errors.ts'
import { buildModel, type ReportModel } from '../report/model.ts'
import { type ExtraOutputs, writeReports } from './outputs.ts'
import type { RunOptions, RunWatcher } from './run/options.ts'
import { Run } from './run/run.ts'

export interface FinishedRun {
  readonly model: ReportModel
  readonly exitCode: number
  /** The run's folder. */
  readonly folder: string
  /** Path of the HTML report; undefined when it could not be written. */
  readonly report: string | undefined
  /** Why reports could not be written. The run is judged all the same. */
  readonly trouble: PlimsollError | undefined
}

/** A run that goes on. `finished` rejects with a PlimsollError when there is nothing to judge. */
export interface GoingRun {
  readonly finished: Promise<FinishedRun>
  /** The first call lets what is under way finish, the second cuts it. */
  interrupt(signal: string): void
}

/** Runs a plan, judges it, and writes its reports. */
export function runPlan(options: RunOptions, outputs: ExtraOutputs, watcher: RunWatcher): GoingRun {
  const run = new Run(options, watcher)
  const finish = async (): Promise<FinishedRun> => {
    const { folder, record, verdict } = await run.start()
    watcher.stage({ kind: 'finishing', what: 'writing the report' })
    const model = buildModel(record, verdict)
    try {
      const report = writeReports(folder, model, verdict, outputs)
      return { model, exitCode: verdict.exitCode, folder, report, trouble: undefined }
    } catch (error) {
      if (!(error instanceof PlimsollError)) throw error
      return { model, exitCode: error.exitCode, folder, report: undefined, trouble: error }
    }
  }
  return { finished: finish(), interrupt: (signal) => run.interrupt(signal) }
}
