import { checkClock, checkTimers, measureTimers } from './clock.ts'
import type { Diagnosis } from './diagnosis.ts'
import { checkMemory, checkOpenFiles } from './limits.ts'
import { type MachineFiles, thisMachine } from './machine-files.ts'
import { checkBacklog, checkPortReuse, checkPorts } from './network.ts'
import { checkCores, checkGovernor, checkNeighbours, checkPressure } from './processor.ts'
import { checkNode } from './runtime.ts'
import { findTools } from './tools.ts'

const TIMERS = 300

/**
 * Whether this machine is fit to generate load, and what to change: about half a second of looking and measuring. What
 * a platform cannot tell is left out.
 */
export async function diagnose(files: MachineFiles = thisMachine): Promise<Diagnosis[]> {
  let timers: readonly number[] = []
  const neighbours = await checkNeighbours(files, async () => {
    timers = await measureTimers(TIMERS)
  })
  const found: (Diagnosis | undefined)[] = [
    checkNode(),
    checkCores(files),
    neighbours,
    checkGovernor(files),
    checkPressure(files),
    checkMemory(files),
    checkOpenFiles(files),
    await checkPorts(files),
    checkPortReuse(files),
    await checkBacklog(files),
    checkClock(files),
    checkTimers(timers),
    ...(await findTools(files)),
  ]
  return found.filter((one) => one !== undefined)
}
