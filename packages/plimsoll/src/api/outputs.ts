import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Verdict } from '../judge/verdict.ts'
import { renderAnnotations } from '../report/github/annotations.ts'
import { writeHtml } from '../report/html/write-html.ts'
import { renderResult } from '../report/json/result.ts'
import { renderJunit } from '../report/junit/junit.ts'
import { renderMarkdown } from '../report/markdown/markdown.ts'
import type { ReportModel } from '../report/model.ts'
import { readEvents } from '../store/read-run.ts'
import { runFiles } from '../store/run-files.ts'
import { writeOutput } from '../store/write-output.ts'
import { reportTemplate } from './entries.ts'

/** Files that a person asked for besides those of the run's folder. */
export interface ExtraOutputs {
  /** `-` for standard output. */
  readonly json?: string | undefined
  readonly junit?: string | undefined
  readonly markdown?: string | undefined
  readonly html?: string | undefined
}

/** Writes result.json and report.html into the run's folder, and what else was asked for. Returns the report's path. */
export function writeReports(folder: string, model: ReportModel, verdict: Verdict, extra: ExtraOutputs): string {
  const result = renderResult(model)
  writeOutput(join(folder, runFiles.result), result)
  const html = writeHtml(readFileSync(reportTemplate, 'utf8'), readEvents(folder), verdict)
  const report = join(folder, runFiles.report)
  writeOutput(report, html)
  if (extra.html !== undefined) writeOutput(extra.html, html)
  if (extra.json === '-') process.stdout.write(result)
  else if (extra.json !== undefined) writeOutput(extra.json, result)
  if (extra.junit !== undefined) writeOutput(extra.junit, renderJunit(model))
  if (extra.markdown !== undefined) writeOutput(extra.markdown, renderMarkdown(model))
  return report
}

/** In a GitHub job: the tables go to its summary, what failed to the plan's lines. Nothing anywhere else. */
export function tellGitHub(model: ReportModel, environment: NodeJS.ProcessEnv = process.env): void {
  if (environment['GITHUB_ACTIONS'] !== 'true') return
  const summary = environment['GITHUB_STEP_SUMMARY']
  if (summary !== undefined && summary !== '') appendFileSync(summary, renderMarkdown(model))
  process.stdout.write(renderAnnotations(model, environment['GITHUB_WORKSPACE'] ?? process.cwd()))
}
