import { relative } from 'node:path'
import { tellGitHub } from '../api/outputs.ts'
import { runPlan } from '../api/run-plan.ts'
import { renderFinal, watchOnTerminal, watchQuietly } from '../api/terminal.ts'
import { exitCodes } from '../base/errors.ts'
import type { RunFlags } from './flags.ts'
import { reportError } from './report-error.ts'

/** `plimsoll run PLAN`: Ctrl-C once finishes gracefully, twice stops at once. */
export async function runCommand(plan: string, flags: RunFlags): Promise<number> {
  const isQuiet = flags.quiet === true || flags.json === '-'
  const watcher = isQuiet ? watchQuietly(process.stderr) : watchOnTerminal(process.stdout)
  const { finished, interrupt } = runPlan({ ...flags, plan }, flags, watcher)
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  try {
    const { model, exitCode, report, trouble } = await finished
    watcher.stop()
    if (!isQuiet) process.stdout.write(renderFinal(model, process.stdout, report && relative(process.cwd(), report)))
    else if (exitCode === exitCodes.systemFailed) process.stderr.write(`${model.headline}\n`)
    if (trouble !== undefined) reportError(trouble, process.stderr)
    tellGitHub(model)
    return exitCode
  } finally {
    watcher.stop()
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', interrupt)
  }
}
