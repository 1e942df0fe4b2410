import pc from 'picocolors'
import { storedRuns } from '../api/stored-runs.ts'
import { exitCodes } from '../base/errors.ts'

/** `plimsoll runs`: the stored runs, newest last, so that it stands above the prompt. */
export async function runsCommand({ out = '.plimsoll/runs' }: { out?: string }): Promise<number> {
  const runs = storedRuns(out)
  if (runs.length === 0) {
    process.stdout.write(`no runs in ${out} yet; plimsoll run PLAN makes one\n`)
    return exitCodes.met
  }
  const colors = pc.createColors(process.stdout.isTTY && pc.isColorSupported)
  const width = Math.max(...runs.map(({ name }) => name.length))
  for (const { name, verdict, duration } of runs) {
    const color = verdict === 'met' ? colors.green : verdict === 'unfinished' ? colors.dim : colors.red
    process.stdout.write(`${name.padEnd(width)}  ${color(verdict.padEnd(11))}  ${duration}\n`)
  }
  return exitCodes.met
}
