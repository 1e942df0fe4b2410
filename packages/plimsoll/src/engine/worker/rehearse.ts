import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import type { Clock } from '../../base/clock.ts'
import { millis, seconds } from '../../base/units.ts'
import { arrivals } from '../../plan/load/arrivals.ts'
import { makeUpLoad } from './made-up-load.ts'

const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{"ok":true}'

/**
 * A fifth of a second of made-up load on a server of our own, so that the code of arrivals, HTTP and measuring is
 * compiled before the first real arrival. Without it the first hundred starts come up to 14 ms late, which is all that
 * the 99.9th percentile of a short run would tell. Frames are made too, which else would be in the middle of the load.
 */
export async function rehearseArrivals(clock: Clock): Promise<void> {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('data', () => socket.write(ANSWER))
    socket.on('error', () => socket.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  await makeUpLoad({
    clock,
    worker: 0,
    workers: 1,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    load: arrivals(4000).for('200ms').even(),
    start: clock.now(),
    frames: millis(4),
    limit: seconds(1),
  })
  server.close()
}
