import pc from 'picocolors'
import { type ExitCode, exitCodes, PlimsollError } from '../base/errors.ts'

/** Tells a person what went wrong: a sentence, its details, what to do. Returns the exit code. */
export function reportError(error: unknown, out: NodeJS.WriteStream): ExitCode {
  const colors = pc.createColors(out.isTTY === true && pc.isColorSupported)
  if (!(error instanceof PlimsollError)) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    out.write(`${colors.red('plimsoll failed in a way it should not:')}\n${text}\n`)
    return exitCodes.usage
  }
  for (const line of error.details) out.write(`  ${line}\n`)
  out.write(`${colors.red('error')} ${error.message} ${colors.dim(`[${error.code}]`)}\n`)
  if (error.hint !== undefined) out.write(`${colors.dim('→')} ${error.hint}\n`)
  return error.exitCode
}
