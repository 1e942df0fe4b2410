import type { AddressInfo } from 'node:net'
import { createServer, type Socket } from 'node:net'
import { parentPort } from 'node:worker_threads'
import { systemClock } from '../../base/clock.ts'
import { millis } from '../../base/units.ts'
import { Timeline } from '../../engine/worker/timeline.ts'
import { CALIBRATION_DELAY } from './delay.ts'

/**
 * Entry of the calibration server's thread: answers each request the fixed delay after its last byte came, with the
 * same pacing as the generator's arrivals. Speaks just enough HTTP/1.1 for a GET without a body.
 */
const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
const timeline = new Timeline(systemClock, { precise: true })

const server = createServer({ noDelay: true }, (socket: Socket) => {
  let tail = ''
  socket.setEncoding('latin1')
  socket.on('data', (chunk: string) => {
    const parts = (tail + chunk).split('\r\n\r\n')
    tail = parts.pop() ?? ''
    const due = millis(systemClock.now() + CALIBRATION_DELAY)
    for (const _ of parts) timeline.at(due, () => socket.write(answer))
  })
  socket.on('error', () => socket.destroy())
})
server.listen(0, '127.0.0.1', () => parentPort?.postMessage((server.address() as AddressInfo).port))
