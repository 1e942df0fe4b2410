import { once } from 'node:events'
import { createServer } from 'node:net'

/** Below those that the system hands to clients (32768 and up on Linux): a restarted service finds its port free again. */
const lowest = 20_000
const count = 10_000

/** Ports of 127.0.0.1 where nobody listens now, each another. */
export async function freePorts(wanted: number): Promise<readonly number[]> {
  const ports = new Set<number>()
  while (ports.size < wanted) {
    const port = lowest + Math.floor(Math.random() * count)
    if (await isFree(port)) ports.add(port)
  }
  return [...ports]
}

export async function isFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  const server = createServer().listen(port, host)
  try {
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}
