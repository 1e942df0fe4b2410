import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../packages/plimsoll/src/base/clock.ts'
import { millis, perSecond, toMicros } from '../../packages/plimsoll/src/base/units.ts'
import { measureOwnError } from '../../packages/plimsoll/src/engine/worker/calibrate.ts'

describe('the self-calibration of a worker', () => {
  let server: Server | undefined
  afterEach(() => server?.close())

  /** Answers each request after `delay` with an instant that is `lie` too early. */
  const start = async (delay: number, lie: number) => {
    server = createServer({ noDelay: true }, (socket) => {
      socket.on('data', () =>
        setTimeout(() => {
          const instant = (performance.now() - lie).toFixed(4)
          socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${instant.length}\r\n\r\n${instant}`)
        }, delay),
      )
      socket.on('error', () => socket.destroy())
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const job = {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      rate: perSecond(200),
      start: systemClock.now(),
      duration: millis(500),
      warmUp: millis(0),
    }
    return measureOwnError(systemClock, { worker: 0, workers: 1 }, job)
  }

  it('does not hold against the generator what the server took', async () => {
    const errors = await start(100, 0)
    expect(errors.count).toBe(100)
    expect(errors.min).toBeLessThan(toMicros(millis(100)))
  })

  it('counts every answer that is seen later than the server gave it', async () => {
    const errors = await start(0, 30)
    expect(errors.count).toBe(100)
    expect(errors.min).toBeGreaterThanOrEqual(toMicros(millis(30)))
  })

  it('gives each of several workers its share', async () => {
    const job = { url: 'http://127.0.0.1:1', rate: perSecond(10), start: systemClock.now(), duration: millis(100) }
    const errors = await measureOwnError(systemClock, { worker: 1, workers: 2 }, { ...job, warmUp: millis(0) })
    expect(errors.count).toBe(0)
  })
})
