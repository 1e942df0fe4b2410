import { relative } from 'node:path'
import { remakeReports } from '../api/report.ts'
import { renderFinal } from '../api/terminal.ts'
import type { ReportFlags } from './flags.ts'

/** `plimsoll report RUN`: the reports of a stored run, made again. Exits as the run did. */
export async function reportCommand(ref: string, { out = '.plimsoll/runs', ...flags }: ReportFlags): Promise<number> {
  const { model, exitCode, report, damage } = remakeReports(out, ref, flags)
  for (const sentence of damage) process.stderr.write(`${sentence}\n`)
  if (flags.quiet !== true && flags.json !== '-') {
    process.stdout.write(renderFinal(model, process.stdout, relative(process.cwd(), report)))
  }
  return exitCode
}
