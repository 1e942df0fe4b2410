import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

export interface TemporaryRedis {
  readonly port: number
  /** With user and password, as in `name:password@`. */
  url(credentials?: string): string
  stop(): Promise<void>
}

/** A redis-server of its own that keeps nothing on disk; `settings` as on its command line. */
export async function temporaryRedis(...settings: readonly string[]): Promise<TemporaryRedis> {
  const port = await freePort()
  const program = process.env['REDIS_SERVER'] ?? 'redis-server'
  const own = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
  const server = spawn(program, [...own, ...settings], { stdio: 'ignore' })
  const failed = once(server, 'error').then(([error]) => Promise.reject(error))
  failed.catch(() => undefined)
  await Promise.race([untilAccepted(port), failed])
  return {
    port,
    url: (credentials = '') => `redis://${credentials}127.0.0.1:${port}`,
    async stop() {
      if (server.exitCode !== null || server.signalCode !== null) return
      const exited = once(server, 'exit')
      server.kill('SIGKILL')
      await exited
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
