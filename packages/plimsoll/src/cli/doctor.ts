import { examineMachine } from '../api/terminal.ts'
import { exitCodes } from '../base/errors.ts'

/** `plimsoll doctor`: ends with 1 when something has to be changed before a figure can be trusted. */
export async function doctorCommand(): Promise<number> {
  const { page, isFit } = await examineMachine(process.stdout)
  process.stdout.write(page)
  return isFit ? exitCodes.met : exitCodes.missed
}
