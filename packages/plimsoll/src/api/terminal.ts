import { judgeThresholds } from '../judge/thresholds/judge-thresholds.ts'
import type { ReportModel } from '../report/model.ts'
import { renderFinal as renderPage } from '../report/terminal/final.ts'
import { LiveView } from '../report/terminal/live.ts'
import { terminalStyle } from '../report/terminal/style.ts'
import { diagnose } from './doctor/diagnose.ts'
import { renderDiagnoses } from './doctor/render.ts'
import type { RunWatcher } from './run/options.ts'

/** Columns where the width is not known: a pipe, a file, a CI log. */
const PLAIN_COLUMNS = 100

/** What a person sees when the run is over, fitted to where it is printed. */
export function renderFinal(model: ReportModel, stream: NodeJS.WriteStream, report: string | undefined): string {
  return renderPage(model, { columns: stream.columns ?? PLAIN_COLUMNS, style: terminalStyle(stream), report })
}

/** Shows a run on a terminal while it goes on; `stop` leaves the terminal as it was. */
export function watchOnTerminal(stream: NodeJS.WriteStream): RunWatcher & { stop(): void } {
  const view = new LiveView(stream, {
    tty: stream.isTTY === true && process.env['TERM'] !== 'dumb',
    style: terminalStyle(stream),
  })
  return {
    stage: (stage) => view.stage(stage),
    event(event, record) {
      if (event.type !== 'interval' && event.type !== 'run.started') return
      const sofar = record()
      view.update({ record: sofar, thresholds: judgeThresholds(sofar, undefined, { intervals: false }) })
    },
    log: (line) => view.log(line),
    stop: () => view.stop(),
  }
}

/** Shows nothing but what must be said. */
export const watchQuietly = (stream: NodeJS.WriteStream): RunWatcher & { stop(): void } => ({
  stage() {},
  event() {},
  log: (line) => {
    stream.write(`${line}\n`)
  },
  stop() {},
})

/** The doctor's findings as a page; `isFit` when nothing must be changed. */
export async function examineMachine(stream: NodeJS.WriteStream): Promise<{ page: string; isFit: boolean }> {
  const diagnoses = await diagnose()
  const page = renderDiagnoses(diagnoses, stream.columns ?? PLAIN_COLUMNS, terminalStyle(stream))
  return { page, isFit: diagnoses.every(({ state }) => state !== 'bad') }
}
