import { type AddressInfo, createServer, type Socket } from 'node:net'
import { parentPort } from 'node:worker_threads'
import { systemClock } from '../../base/clock.ts'
import { millis, subtract, toMicros } from '../../base/units.ts'
import { Timeline } from '../../engine/worker/timeline.ts'
import { Histogram } from '../../measure/histogram.ts'
import { encodeHistogram } from '../../measure/histogram-codec.ts'
import { CALIBRATION_DELAY, CALIBRATION_WARM_UP } from './delay.ts'

/**
 * Entry of the calibration server's thread: answers each request the fixed delay after its last byte came, with the
 * same pacing as the generator's arrivals, and keeps a record of how long it really took. Speaks just enough HTTP/1.1
 * for a GET without a body. Asked for anything, it tells its record.
 */
const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
const timeline = new Timeline(systemClock, { precise: true })
const record = new Histogram()
let first = millis(0)

function answerLater(socket: Socket): void {
  const came = systemClock.now()
  if (first === 0) first = came
  timeline.at(millis(came + CALIBRATION_DELAY), () => {
    socket.write(answer)
    if (came - first >= CALIBRATION_WARM_UP) record.record(toMicros(subtract(systemClock.now(), came)))
  })
}

const server = createServer({ noDelay: true }, (socket: Socket) => {
  let tail = ''
  socket.setEncoding('latin1')
  socket.on('data', (chunk: string) => {
    const parts = (tail + chunk).split('\r\n\r\n')
    tail = parts.pop() ?? ''
    for (const _ of parts) answerLater(socket)
  })
  socket.on('error', () => socket.destroy())
})
server.listen(0, '127.0.0.1', () => parentPort?.postMessage((server.address() as AddressInfo).port))
parentPort?.on('message', () => parentPort?.postMessage(encodeHistogram(record)))
