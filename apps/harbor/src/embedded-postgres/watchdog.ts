import { spawn } from 'node:child_process'
import type { ServerUser } from './server-user.ts'

/**
 * Stops a Postgres when this process is gone, even when it was killed: a shell waits for the end of a pipe whose other
 * end only this process holds, then sends the postmaster its SIGINT.
 * @returns a function that calls it off
 */
export function watchOver(postmaster: number, user: ServerUser | undefined): () => void {
  const watchdog = spawn('/bin/sh', ['-c', `read -r _; kill -INT ${postmaster}`], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // A signal for our process group is not for the watchdog.
    detached: true,
    ...user,
  })
  // Without a shell a killed harbor leaves its Postgres running until the next start.
  watchdog.on('error', () => undefined)
  watchdog.stdin.on('error', () => undefined)
  watchdog.unref()
  return () => watchdog.kill('SIGKILL')
}
