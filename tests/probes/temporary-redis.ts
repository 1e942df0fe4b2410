import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

export interface TemporaryRedis {
  readonly port: number
  /** With user and password, as in `name:password@`. */
  url(credentials?: string): string
  stop(): Promise<void>
}

/** A redis-server of its own in a temporary folder; `settings` as on its command line. */
export async function temporaryRedis(...settings: readonly string[]): Promise<TemporaryRedis> {
  const port = await freePort()
  const program = process.env['REDIS_SERVER'] ?? 'redis-server'
  // Without snapshots; but a replica keeps what its primary sends it in a file.
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-redis-'))
  const own = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '']
  const server = spawn(program, [...own, ...settings], { stdio: 'ignore' })
  const failed = once(server, 'error').then(([error]) => Promise.reject(error))
  failed.catch(() => undefined)
  await Promise.race([untilAccepted(port), failed])
  return {
    port,
    url: (credentials = '') => `redis://${credentials}127.0.0.1:${port}`,
    async stop() {
      if (server.exitCode === null && server.signalCode === null) {
        const exited = once(server, 'exit')
        server.kill('SIGKILL')
        await exited
      }
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function untilAccepted(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1')
    const isUp = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (isUp) return
    await delay(10)
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
