import { once } from 'node:events'
import { createServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import { describe, expect, it, onTestFinished } from 'vitest'
import { millis } from '../../packages/plimsoll/src/base/units.ts'
import { connect, request, serve, soon } from './harness.ts'

const ways = [['websocket'], ['polling'], ['polling', 'websocket']] as const

describe.each(ways.map((transports) => [transports.join(', '), transports] as const))('over %s', (_way, transports) => {
  it('comes back after a cut, as a new session', async () => {
    const { io, url } = await serve()
    const reasons: string[] = []
    io.on('connection', (socket) => socket.on('disconnect', (reason) => reasons.push(reason)))
    const { socket, log } = connect(url, { transports, reconnect: soon })
    await log.until(transports.length > 1 ? 'upgraded' : 'opened')
    const first = socket.id
    socket.cut(undefined)
    expect(socket.state).toBe('waiting')
    expect(log.entries.at(-1)).toEqual(['disconnected', 'transport close', 'cut', undefined, true])
    expect(() => socket.emit('early', [])).toThrow(/socket is waiting/)
    await log.until('opened', 2)
    expect(socket.id).not.toBe(first)
    expect(log.entries.filter(([what]) => what === 'opened').at(-1)).toEqual(['opened', transports[0], false])
    while (reasons.length === 0) await new Promise(setImmediate)
    expect(reasons[0]).toMatch(/transport (close|error)/)
  })

  it('recovers its state: what was sent while it was away arrives, in order, once', async () => {
    const { io, url } = await serve({ connectionStateRecovery: {} })
    io.on('connection', (socket) => {
      if (!socket.recovered) void socket.join('room')
    })
    const { socket, log } = connect(url, { transports, reconnect: soon })
    await log.until(transports.length > 1 ? 'upgraded' : 'opened')
    const { id } = socket
    let next = 0
    const publish = (times: number) => {
      for (let i = 0; i < times; i++) io.to('room').emit('number', next++)
    }
    publish(3)
    await log.until(() => log.events('number').length === 3)
    socket.cut(millis(50))
    while (io.of('/').sockets.size > 0) await new Promise(setImmediate)
    publish(4)
    await log.until('opened', 2)
    publish(2)
    await log.until(() => log.events('number').length >= 9)
    expect(log.events('number')).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
    expect(log.entries.filter(([what]) => what === 'opened').at(-1)).toEqual(['opened', transports[0], true])
    expect(socket.id).toBe(id)
  })

  it('comes back when the server is started anew', async () => {
    const first = await startServer(0)
    const { socket, log } = connect(first.url, { transports, reconnect: soon })
    await log.until(transports.length > 1 ? 'upgraded' : 'opened')
    await first.stop()
    await log.until('failed')
    await startServer(first.port)
    await log.until('opened', 2)
    expect(await request(socket, 'echo', [1])).toEqual([1])
    expect(log.entries.find(([what]) => what === 'disconnected')?.[4]).toBe(true)
    expect(log.entries.filter(([what]) => what === 'failed')).toContainEqual(['failed', 'CONNECT_REFUSED', true])
  })

  it('does not come back when the server disconnects it', async () => {
    const { io, url } = await serve()
    io.on('connection', (socket) => socket.disconnect())
    const { socket, log } = connect(url, { transports, reconnect: soon })
    await log.until('disconnected')
    expect(log.entries.at(-1)).toEqual(['disconnected', 'io server disconnect', 'peer', undefined, false])
    expect(socket.state).toBe('closed')
    while (io.engine.clientsCount > 0) await new Promise(setImmediate)
  })

  it('fails what waits for an acknowledgement when the connection is cut', async () => {
    const { url } = await serve()
    const { socket, log } = connect(url, { transports, reconnect: soon })
    await log.until('opened')
    const asked = request(socket, 'never answered', [])
    socket.cut(undefined)
    await expect(asked).rejects.toMatchObject({ code: 'SOCKET_CLOSED' })
  })
})

describe('recovery', () => {
  it('loses and doubles nothing when it is cut in the middle of what it had missed', async () => {
    const { io, url } = await serve({ connectionStateRecovery: {} })
    io.on('connection', (socket) => {
      if (!socket.recovered) void socket.join('room')
    })
    const { socket, log } = connect(url, { reconnect: soon })
    await log.until('opened')
    let next = 0
    const publish = () => io.to('room').emit('number', next++)
    publish()
    await log.until('event')
    log.onEvent = (_name, [value]) => {
      if (value === 3) socket.cut(millis(20))
    }
    socket.cut(millis(20))
    while (io.of('/').sockets.size > 0) await new Promise(setImmediate)
    for (let i = 0; i < 6; i++) publish()
    await log.until('opened', 3)
    await log.until(() => log.events('number').length >= 7)
    expect(log.events('number')).toEqual([0, 1, 2, 3, 4, 5, 6])
  })
})

describe('acknowledgements', () => {
  it('that never come fail in their time; one that comes late changes nothing', async () => {
    const { io, url } = await serve()
    let late: (() => void) | undefined
    io.on('connection', (socket) => {
      socket.on('slow', (acknowledge: () => void) => {
        late = acknowledge
      })
      socket.on('echo', (value, acknowledge) => acknowledge(value))
    })
    const { socket, log } = connect(url)
    await log.until('opened')
    await expect(request(socket, 'slow', [], 30)).rejects.toMatchObject({ code: 'TIMEOUT_ACK' })
    late?.()
    expect(await request(socket, 'echo', [1])).toEqual([1])
    expect(log.entries).toHaveLength(1)
    expect(socket.state).toBe('open')
  })

  it('are matched to what they answer, in whatever order they come', async () => {
    const { io, url } = await serve()
    const held: (() => void)[] = []
    io.on('connection', (socket) =>
      socket.on('hold', (value, acknowledge) => {
        held.push(() => acknowledge(value))
        if (held.length === 20) for (const answer of held.reverse()) answer()
      }),
    )
    const { socket, log } = connect(url)
    await log.until('opened')
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => request(socket, 'hold', [i])))
    expect(answers).toEqual(Array.from({ length: 20 }, (_, i) => [i]))
  })
})

describe('coming back', () => {
  it('ends with the last attempt', async () => {
    const server = await startServer(0)
    const { socket, log } = connect(server.url, { reconnect: { ...soon, attempts: 3 } })
    await log.until('opened')
    await server.stop()
    await log.until(() => socket.state === 'closed')
    expect(log.entries.map(([what]) => what)).toEqual(['opened', 'disconnected', 'failed', 'failed', 'failed'])
    expect(log.entries.at(-1)).toEqual(['failed', 'CONNECT_REFUSED', false])
  })

  it('asks for its authorization anew each time', async () => {
    const { io, url } = await serve()
    const seen: unknown[] = []
    io.on('connection', (socket) => seen.push(socket.handshake.auth))
    let count = 0
    const { socket, log } = connect(url, { reconnect: soon, auth: () => ({ token: ++count }) })
    await log.until('opened')
    socket.cut(undefined)
    await log.until('opened', 2)
    expect(seen).toEqual([{ token: 1 }, { token: 2 }])
  })

  it('is given up by close, in every state', async () => {
    const { url } = await serve()
    const connecting = connect(url, { reconnect: soon })
    connecting.socket.close()
    const waiting = connect(url, { reconnect: { ...soon, delay: millis(60_000), maxDelay: millis(60_000) } })
    await waiting.log.until('opened')
    waiting.socket.cut(undefined)
    waiting.socket.close()
    const open = connect(url, { reconnect: soon })
    await open.log.until('opened')
    open.socket.close()
    expect(connecting.log.entries).toEqual([])
    expect(waiting.log.entries.map(([what]) => what)).toEqual(['opened', 'disconnected'])
    expect(open.log.entries.map(([what]) => what)).toEqual(['opened', 'disconnected'])
    for (const { socket, shared } of [connecting, waiting, open]) {
      expect(socket.state).toBe('closed')
      while (shared.deadlines.size + shared.heartbeats.size > 0) await new Promise(setImmediate)
    }
  })

  it('does not happen for a refusal, nor for a host that is not allowed', async () => {
    const { io, url } = await serve()
    io.use((_socket, next) => next(new Error('no')))
    const refused = connect(url, { reconnect: soon })
    await refused.log.until('failed')
    expect(refused.log.entries).toEqual([['failed', 'SOCKETIO_REFUSED', false]])
    const forbidden = connect('http://example.com', { reconnect: soon, allowHost: () => false })
    await forbidden.log.until('failed')
    expect(forbidden.log.entries).toEqual([['failed', 'HOST_NOT_ALLOWED', false]])
    const impossible = connect(url, { reconnect: soon, namespace: '/a,b' })
    await impossible.log.until('failed')
    expect(impossible.log.entries).toEqual([['failed', 'BAD_REQUEST', false]])
  })
})

/** A server that can be stopped as a killed process stops, and started again on its port. */
async function startServer(port: number) {
  const http: HttpServer = createServer()
  const io = new Server(http)
  io.on('connection', (socket) => socket.on('echo', (value, acknowledge) => acknowledge(value)))
  const sockets = new Set<{ destroy(): void }>()
  http.on('connection', (socket) => sockets.add(socket))
  const stop = async () => {
    if (!http.listening) return
    const closed = once(http, 'close')
    http.close()
    for (const socket of sockets) socket.destroy()
    await closed
  }
  onTestFinished(stop)
  http.listen(port, '127.0.0.1')
  await once(http, 'listening')
  const taken = (http.address() as AddressInfo).port
  return { port: taken, url: `http://127.0.0.1:${taken}`, stop }
}
