import { type AddressInfo, createServer, type Socket } from 'node:net'
import { parentPort } from 'node:worker_threads'
import { systemClock } from '../../base/clock.ts'
import { threadId } from '../../engine/thread-id.ts'
import { CALIBRATION_DELAY } from './delay.ts'

/** Where the calibration server is, and as which thread the kernel knows it. */
export interface CalibrationServerNews {
  readonly port: number
  readonly thread: number | undefined
}

/**
 * Entry of the calibration server's thread: answers each request some five milliseconds later with the instant at which
 * it does, on the clock that all threads share. Speaks just enough HTTP/1.1 for a GET without a body.
 */
function answer(socket: Socket): void {
  const now = systemClock.now().toFixed(4)
  socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${now.length}\r\n\r\n${now}`)
}

const server = createServer({ noDelay: true }, (socket: Socket) => {
  let tail = ''
  socket.setEncoding('latin1')
  socket.on('data', (chunk: string) => {
    const parts = (tail + chunk).split('\r\n\r\n')
    tail = parts.pop() ?? ''
    for (const _ of parts) systemClock.after(CALIBRATION_DELAY, () => answer(socket))
  })
  socket.on('error', () => socket.destroy())
})
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  parentPort?.postMessage({ port, thread: threadId() } satisfies CalibrationServerNews)
})
