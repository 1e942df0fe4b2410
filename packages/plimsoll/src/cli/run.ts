import { relative } from 'node:path'
import { tellGitHub, writeReports } from '../api/outputs.ts'
import { Run } from '../api/run/run.ts'
import { buildModel } from '../api/terminal.ts'
import type { RunFlags } from './flags.ts'

/** `plimsoll run PLAN`. */
export async function runCommand(plan: string, flags: RunFlags): Promise<number> {
  const quiet = flags.quiet === true || flags.json === '-'
  const run = new Run({ ...flags, plan }, {
    stage: (stage) => { if (!quiet) console.log(stage) },
    event: (event, record) => { if (!quiet && event.type === 'interval') console.log(event.index, event.phase, record().totals.requests) },
    log: (line) => process.stderr.write(`${line}\n`),
  })
  const interrupt = (signal: NodeJS.Signals) => run.interrupt(signal)
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  const { folder, record, verdict } = await run.start()
  const model = buildModel(record, verdict)
  const report = writeReports(folder, model, verdict, flags)
  tellGitHub(model)
  if (!quiet) console.log(verdict, relative(process.cwd(), report))
  return verdict.exitCode
}
