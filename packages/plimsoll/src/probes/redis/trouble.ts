import { PlimsollError } from '../../base/errors.ts'
import { networkFault } from '../network-fault.ts'
import { RefusedByRedis } from './connection.ts'

/** A failure as a sentence; `where` must hold no password. */
export function redisTrouble(error: unknown, where: string): PlimsollError {
  if (error instanceof PlimsollError) return error
  const [what, hint] = sentence(error)
  return new PlimsollError('PROBE_FAILED', `the redis probe cannot watch ${where}: ${what}`, { hint, cause: error })
}

const checkUrl = 'Check the URL in `probes.redis`.'
const refusals: Readonly<Record<string, readonly [what: string, hint: string]>> = {
  NOAUTH: ['it wants a password', 'Put it into the URL: redis://:PASSWORD@HOST, from the environment.'],
  WRONGPASS: ['wrong user or password', checkUrl],
  NOPERM: ['the user may not ask for INFO', 'Let it: ACL SETUSER NAME +info.'],
  LOADING: ['it is loading its data', 'Wait until it is ready.'],
  BUSY: ['it is busy with a script', 'SCRIPT KILL ends that.'],
}

function sentence(error: unknown): readonly [what: string, hint: string] {
  const fault = networkFault(error)
  if (fault !== undefined) return [fault, `Start Redis, or correct the URL in \`probes.redis\`.`]
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof RefusedByRedis) return refusals[error.code] ?? [message, 'See the log of Redis.']
  return [message, checkUrl]
}
