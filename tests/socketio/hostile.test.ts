import { createServer, type Server as HttpServer } from 'node:http'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { FakeClock } from '../../packages/plimsoll/src/base/fake-clock.ts'
import { millis } from '../../packages/plimsoll/src/base/units.ts'
import { httpServer, listen } from '../http/harness.ts'
import { connect, request, soon } from './harness.ts'

const handshake = { sid: 'a', upgrades: [], pingInterval: 25_000, pingTimeout: 20_000, maxPayload: 1_000_000 }
const open = `0${JSON.stringify(handshake)}`
const joined = '40{"sid":"b"}'

/** A WebSocket server that says what it likes. */
async function webSocketServer(connected: (socket: WebSocket) => void): Promise<string> {
  const http = createServer()
  new WebSocketServer({ server: http }).on('connection', connected)
  return `http://127.0.0.1:${await listen(http)}`
}

/** Says everything as soon as somebody comes. */
const saying = (...messages: (string | Buffer)[]) =>
  webSocketServer((socket) => {
    for (const message of messages) socket.send(message)
  })

describe('handshakes that are none', () => {
  it.each([
    ['no JSON', '0{'],
    ['nothing', '0'],
    ['null', '0null'],
    ['no sid', '0{"pingInterval":1,"pingTimeout":1}'],
    ['a sid that is no text', `0${JSON.stringify({ ...handshake, sid: 1 })}`],
    ['no ping interval', '0{"sid":"a"}'],
    ['an endless ping interval', `0${JSON.stringify({ ...handshake, pingInterval: 1e300 })}`],
    ['a message first', '42["a"]'],
    ['octets first', Buffer.from([1])],
    ['a ping first', '2'],
    ['no packet', 'hello'],
  ])('%s: ENGINE_HANDSHAKE', async (_what, message) => {
    const { log, socket } = connect(await saying(message))
    await log.until('failed')
    expect(log.entries).toEqual([['failed', 'ENGINE_HANDSHAKE', false]])
    expect(socket.state).toBe('closed')
  })

  it.each([
    ['the wire of Socket.IO 2', 200, '96:0{"sid":"a"}2:40'],
    ['an error page', 404, '<html>'],
    ['an empty answer', 200, ''],
    ['a million separators', 200, '\x1e'.repeat(1_000_000)],
  ])('%s over polling: ENGINE_HANDSHAKE', async (_what, status, body) => {
    const { url } = await httpServer((_request, answer) => answer.writeHead(status).end(body))
    const { log } = connect(url, { transports: ['polling', 'websocket'] })
    await log.until('failed')
    expect(log.entries).toEqual([['failed', 'ENGINE_HANDSHAKE', false]])
  })

  it('CONNECT without a sid: ENGINE_HANDSHAKE, with what it may be', async () => {
    const { log } = connect(await saying(open, '40'))
    await log.until('failed')
    expect(log.errors[0]?.message).toMatch(/Socket\.IO 2/)
  })

  it('a giant maxPayload costs nothing', async () => {
    const giant = `0${JSON.stringify({ ...handshake, maxPayload: 1e300 })}`
    const { log } = connect(await saying(giant, joined))
    await log.until('opened')
    expect(log.entries).toEqual([['opened', 'websocket', undefined]])
  })
})

describe('silence', () => {
  const connectTimeout = millis(60)

  it('before the upgrade of the connection: TIMEOUT_CONNECT', async () => {
    const { url, server } = await httpServer(() => {})
    server.on('upgrade', () => {})
    for (const transports of [['websocket'], ['polling']] as const) {
      const { log } = connect(url, { transports, connectTimeout })
      await log.until('failed')
      expect(log.entries).toEqual([['failed', 'TIMEOUT_CONNECT', false]])
    }
  })

  it('before the handshake: TIMEOUT_CONNECT', async () => {
    const { log, shared } = connect(await webSocketServer(() => {}), { connectTimeout })
    await log.until('failed')
    expect(log.entries).toEqual([['failed', 'TIMEOUT_CONNECT', false]])
    expect(shared.deadlines.size + shared.heartbeats.size).toBe(0)
  })

  it('before the namespace is joined: TIMEOUT_CONNECT, which says so', async () => {
    const clock = new FakeClock()
    clock.advance(millis(1))
    const url = await webSocketServer((peer) => {
      peer.on('message', () => clock.advance(millis(10_010)))
      peer.send(open)
    })
    const { log } = connect(url, { clock })
    await log.until('failed')
    expect(log.errors[0]).toMatchObject({ code: 'TIMEOUT_CONNECT', message: '/ was not joined within 10000 ms' })
  })

  it('after it: TIMEOUT_HEARTBEAT, and another attempt', async () => {
    const hasty = `0${JSON.stringify({ ...handshake, pingInterval: 20, pingTimeout: 20 })}`
    const url = await saying(hasty, joined)
    const { log } = connect(url, { reconnect: soon })
    await log.until('opened', 2)
    expect(log.entries.slice(0, 2)).toEqual([
      ['opened', 'websocket', undefined],
      ['disconnected', 'ping timeout', 'failure', 'TIMEOUT_HEARTBEAT', true],
    ])
  })

  it('instead of an answer to the probe: polling goes on, and it is counted', async () => {
    const held: (() => void)[] = []
    const upgradable = `0${JSON.stringify({ ...handshake, upgrades: ['websocket'] })}`
    const gets = [upgradable, joined]
    const { url, server } = await httpServer((request, answer) => {
      if (request.method === 'POST') answer.end('ok')
      else if (gets.length > 0) answer.end(gets.shift())
      else held.push(() => answer.end('42["still here"]'))
    })
    const clock = new FakeClock()
    const probed = new Promise((resolve) => {
      new WebSocketServer({ server: server as HttpServer }).on('connection', (peer) => peer.on('message', resolve))
    })
    const { log, socket } = connect(url, { clock, transports: ['polling', 'websocket'] })
    await Promise.all([probed, log.until('opened')])
    clock.advance(millis(10_010))
    await log.until('stray')
    while (held.length === 0) await new Promise(setImmediate)
    held.shift()?.()
    await log.until('event')
    expect(log.entries).toEqual([
      ['opened', 'polling', undefined],
      ['stray', 'TIMEOUT_CONNECT'],
      ['event', 'still here'],
    ])
    expect(socket.transport).toBe('polling')
  })
})

describe('packets that make no sense', () => {
  it.each([
    ['acknowledgements for ids never sent', '437[1]', 'UNKNOWN_ACK'],
    ['acknowledgements without an id', '43[1]', 'UNKNOWN_ACK'],
    ['packets for namespaces never joined', '42/other,["a"]', 'UNKNOWN_NAMESPACE'],
    ['no packet', '4x', 'MALFORMED_PACKET'],
    ['an event without a name', '42[]', 'MALFORMED_PACKET'],
    ['attachments that nobody announced', Buffer.from([1]), 'MALFORMED_PACKET'],
    ['attachments without number', '451x-["a"]', 'MALFORMED_PACKET'],
    ['attachments without end', '4599999999-["a"]', 'TOO_MANY_ATTACHMENTS'],
    ['a namespace joined twice', joined, 'MALFORMED_PACKET'],
    ['a refusal of a namespace that was joined', '44{"message":"no"}', 'MALFORMED_PACKET'],
    ['no Engine.IO packet', '8', 'MALFORMED_PACKET'],
    ['a second handshake', open, 'MALFORMED_PACKET'],
    ['a message longer than is accepted', `42["a","${'x'.repeat(3000)}"]`, 'MESSAGE_TOO_LARGE'],
  ])('%s: that connection is lost with a code', async (_what, message, code) => {
    const [hostile, sane] = [await saying(open, joined, message), await saying(open, joined, '42["a"]')]
    const other = connect(sane)
    const { log } = connect(hostile, { maxMessage: 2000 })
    await log.until('disconnected')
    expect(log.entries.at(-1)).toMatchObject(['disconnected', expect.any(String), 'failure', code, false])
    await other.log.until('event')
    expect(other.socket.state).toBe('open')
  })

  it('an event before the namespace is joined', async () => {
    const { log } = connect(await saying(open, '42["a"]'))
    await log.until('failed')
    expect(log.entries).toEqual([['failed', 'MALFORMED_PACKET', false]])
  })

  it('a flood of pings', async () => {
    const { log } = connect(await saying(open, joined, ...Array.from({ length: 300 }, () => '2')))
    await log.until('disconnected')
    expect(log.entries.at(-1)?.[3]).toBe('CONTROL_FLOOD')
  })

  it('octets instead of msgpack', async () => {
    const url = await saying(open, Buffer.from([0xdd, 255, 255, 255, 255]))
    const { log } = connect(url, { parser: 'msgpack' })
    await log.until('failed')
    expect(log.entries).toEqual([['failed', 'MALFORMED_PACKET', false]])
  })

  it('fail what waits for an acknowledgement with the same error', async () => {
    const url = await webSocketServer((peer) => {
      peer.on('message', (data) => {
        if (String(data).startsWith('420')) peer.send('499')
      })
      for (const message of [open, joined]) peer.send(message)
    })
    const { log, socket } = connect(url)
    await log.until('opened')
    await expect(request(socket, 'ask', [])).rejects.toMatchObject({ code: 'MALFORMED_PACKET' })
  })

  it('of any kind, a thousand of them: an end with a code, or none at all', async () => {
    const pieces = [
      '0',
      '1',
      '2',
      '3',
      '4',
      '40',
      '41',
      '42',
      '43',
      '44',
      '45',
      '46',
      '/',
      ',',
      '-',
      '[',
      ']',
      '{',
      '"a"',
    ]
    const numbers = ['0', '1', '99', '["a"]', '["a",{"_placeholder":true,"num":0}]', '{"sid":"c"}', '\ud800', '']
    const message = fc.oneof(
      fc.array(fc.constantFrom(...pieces, ...numbers), { maxLength: 5 }).map((parts) => parts.join('')),
      fc.uint8Array({ maxLength: 8 }).map((octets) => Buffer.from(octets)),
    )
    const scripts = fc.sample(fc.array(message, { minLength: 1, maxLength: 6 }), 300)
    let next = 0
    const url = await webSocketServer((peer) => {
      for (const piece of [open, joined, ...(scripts[next++] ?? []), '1']) peer.send(piece)
    })
    const codes = new Set<unknown>()
    for (let i = 0; i < scripts.length; i += 50) {
      const clients = Array.from({ length: 50 }, () => connect(url))
      await Promise.all(clients.map(({ log }) => log.until('disconnected')))
      for (const { log, shared } of clients) {
        codes.add(log.entries.at(-1)?.[3])
        while (shared.deadlines.size + shared.heartbeats.size > 0) await new Promise(setImmediate)
        expect(shared.openConnections).toBe(0)
      }
    }
    const known = [undefined, 'MALFORMED_PACKET', 'UNKNOWN_ACK', 'UNKNOWN_NAMESPACE', 'TOO_MANY_ATTACHMENTS']
    for (const code of codes) expect(known).toContain(code)
  })

  it('over polling: a session that the server does not know any more', async () => {
    const gets = [open, joined]
    const { url } = await httpServer((request, answer) => {
      if (request.method === 'POST') answer.end('ok')
      else if (gets.length > 0) answer.end(gets.shift())
      else answer.writeHead(400).end('{"code":1,"message":"Session ID unknown"}')
    })
    const { log } = connect(url, { transports: ['polling'] })
    await log.until('disconnected')
    expect(log.entries.at(-1)).toEqual(['disconnected', 'transport error', 'failure', 'CONNECTION_CLOSED', false])
  })
})
