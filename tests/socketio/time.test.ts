import { createServer } from 'node:http'
import { describe, expect, it } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { FakeClock } from '../../packages/plimsoll/src/base/fake-clock.ts'
import { millis } from '../../packages/plimsoll/src/base/units.ts'
import { listen } from '../http/harness.ts'
import { connect, serve, soon } from './harness.ts'

const official = { delay: millis(1000), maxDelay: millis(5000), jitter: 0.5, attempts: Number.POSITIVE_INFINITY }

/** A server that pings when it is told to, for sockets whose clock is moved by hand. */
async function pingedByHand() {
  const http = createServer()
  const peers: WebSocket[] = []
  const heard: string[] = []
  new WebSocketServer({ server: http }).on('connection', (peer) => {
    peers.push(peer)
    peer.on('message', (data) => heard.push(String(data)))
    peer.send('0{"sid":"a","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000}')
    peer.send('40{"sid":"b"}')
  })
  const url = `http://127.0.0.1:${await listen(http)}`
  const ping = async () => {
    const pongs = heard.filter((packet) => packet === '3').length
    for (const peer of peers) peer.send('2')
    while (heard.filter((packet) => packet === '3').length <= pongs) await new Promise(setImmediate)
  }
  return { url, ping }
}

describe('the heartbeat', () => {
  it('is lost after interval and timeout without a ping, and within a second of it', async () => {
    const clock = new FakeClock()
    const { url, ping } = await pingedByHand()
    const { socket, log } = connect(url, { clock })
    await log.until('opened')
    for (let i = 0; i < 3; i++) {
      clock.advance(millis(44_000))
      await ping()
      expect(socket.state).toBe('open')
    }
    clock.advance(millis(44_900))
    expect(socket.state).toBe('open')
    clock.advance(millis(1200))
    expect(log.entries.at(-1)).toEqual(['disconnected', 'ping timeout', 'failure', 'TIMEOUT_HEARTBEAT', false])
  })

  it('rests while nothing is read', async () => {
    const clock = new FakeClock()
    const { url } = await pingedByHand()
    const { socket, log } = connect(url, { clock })
    await log.until('opened')
    socket.pause()
    clock.advance(millis(500_000))
    socket.resume()
    clock.advance(millis(44_000))
    expect(socket.state).toBe('open')
    clock.advance(millis(2000))
    expect(socket.state).toBe('closed')
  })

  it('takes one timer for all sockets of a thread', async () => {
    const clock = new FakeClock()
    let timers = 0
    const after = clock.after.bind(clock)
    clock.after = (delay, callback) => {
      timers++
      return after(delay, callback)
    }
    const { url } = await pingedByHand()
    const first = connect(url, { clock })
    await first.log.until('opened')
    clock.advance(millis(100))
    timers = 0
    clock.advance(millis(10_000))
    expect(timers).toBe(10)
  })
})

describe('coming back', () => {
  it('follows the official client’s back-off, and begins anew once it was back', async () => {
    const clock = new FakeClock()
    const { io, url } = await serve()
    let refusing = false
    io.engine.opts.allowRequest = (_request: unknown, answer: (error: string | null, allowed: boolean) => void) =>
      answer(null, !refusing)
    const { socket, log } = connect(url, { clock, reconnect: official })
    await log.until('opened')
    refusing = true
    socket.cut(undefined)
    for (let failed = 1; failed <= 4; failed++) {
      clock.advance(millis(5010))
      await log.until('failed', failed)
    }
    refusing = false
    clock.advance(millis(5010))
    await log.until('opened', 2)
    socket.cut(undefined)
    expect(log.retries).toEqual([1250, 2500, 5000, 5000, 5000, 1250])
  })

  it('waits as long as it is offline, and not a moment less', async () => {
    const clock = new FakeClock()
    const { url } = await pingedByHand()
    const { socket, log } = connect(url, { clock, reconnect: official })
    await log.until('opened')
    socket.cut(millis(2000))
    expect(log.retries).toEqual([2000])
    clock.advance(millis(1999))
    expect(socket.state).toBe('waiting')
    socket.cut(millis(3000))
    clock.advance(millis(2900))
    expect(socket.state).toBe('waiting')
    clock.advance(millis(120))
    await log.until('opened', 2)
  })
})

describe('a slow reader', () => {
  it.each([['websocket'], ['polling']] as const)('stops and goes on with nothing lost over %s', async (transport) => {
    const { io, url } = await serve()
    const { socket, log } = connect(url, { transports: [transport], reconnect: soon })
    await log.until('opened')
    io.emit('number', 0)
    await log.until('event')
    socket.pause()
    for (let i = 1; i <= 2000; i++) {
      io.emit('number', i)
      if (i % 50 === 0) await new Promise(setImmediate)
    }
    expect(log.count('event')).toBeLessThan(2000)
    socket.resume()
    await log.until(() => log.count('event') === 2001)
    expect(log.events('number')).toEqual(Array.from({ length: 2001 }, (_, i) => i))
  })
})
