import { chmod, rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import { createServer } from 'node:net'

/** A Unix socket turns away whoever comes while its queue is full, where TCP lets them wait. */
const backlog = 4096

/**
 * Serves a load balancer on this machine by a Unix socket too: half of what the kernel does for TCP on loopback is saved.
 * Whoever may write to the file is let in, and counts as 127.0.0.1.
 * @returns takes no more connections; those that there are belong to the server
 */
export async function listenBeside(server: Server, path: string): Promise<() => Promise<void>> {
  // One who was killed left it behind.
  await rm(path, { force: true })
  const beside = createServer({ allowHalfOpen: true }, (socket) => {
    Object.defineProperty(socket, 'remoteAddress', { value: '127.0.0.1' })
    server.emit('connection', socket)
  })
  await new Promise<void>((resolve, reject) => {
    beside.once('error', reject).listen({ path, backlog }, resolve)
  })
  await chmod(path, 0o666)
  return async () => {
    beside.close()
    await rm(path, { force: true })
  }
}
