import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** Listens for one connection at a time, and never takes any: its thread sleeps. */
const sleeper = `
  const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    require('node:fs').writeSync(1, String(server.address().port) + '\\n')
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  })`

/** A port of 127.0.0.1 on which connecting takes for ever: the queue of connections that wait to be taken is full. */
export async function fullBacklog(): Promise<number> {
  const child: ChildProcess = spawn(process.execPath, ['-e', sleeper], { stdio: ['ignore', 'pipe', 'inherit'] })
  const sockets: Socket[] = []
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    child.kill('SIGKILL')
  })
  const [data] = await once(child.stdout as NodeJS.ReadableStream, 'data')
  const port = Number(String(data))
  for (let i = 0; i < 4; i++) sockets.push(connect(port, '127.0.0.1').on('error', () => {}))
  await once(sockets[0] as Socket, 'connect')
  return port
}
