import { readlinkSync } from 'node:fs'
import { basename } from 'node:path'

/** The calling thread's id by which the kernel schedules it; Node's own `threadId` is another. Undefined without Linux. */
export function threadId(): number | undefined {
  try {
    return Number(basename(readlinkSync('/proc/thread-self')))
  } catch {
    return undefined
  }
}
