import { createHash } from 'node:crypto'
import { createServer as createTlsServer } from 'node:https'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws'
import { createCertificates } from '../http/certificates.ts'
import { listen } from '../http/harness.ts'
import { connect } from './harness.ts'

/** The `ws` package's server, until the test ends. */
async function server(then: (socket: WebSocket) => void, options: ServerOptions = {}): Promise<string> {
  const listening = new WebSocketServer({ port: 0, host: '127.0.0.1', ...options })
  listening.on('connection', then)
  await new Promise((resolve) => listening.once('listening', resolve))
  onTestFinished(() => {
    for (const socket of listening.clients) socket.terminate()
    listening.close()
  })
  return `ws://127.0.0.1:${(listening.address() as { port: number }).port}`
}

const echo = (socket: WebSocket) => socket.on('message', (data, binary) => socket.send(data, { binary }))

const shown = (message: string | Buffer) => `${typeof message} ${createHash('sha1').update(message).digest('hex')}`

const sizes = [0, 1, 125, 126, 5000, 16_368, 65_535, 65_536, 900_000]

describe.each([
  ['plain', {}],
  ['compressed', { perMessageDeflate: { threshold: 0 } }],
  [
    'compressed anew each time',
    { perMessageDeflate: { threshold: 0, serverNoContextTakeover: true, clientNoContextTakeover: true } },
  ],
  [
    'compressed in small windows',
    { perMessageDeflate: { threshold: 0, serverMaxWindowBits: 9, clientMaxWindowBits: 10 } },
  ],
  ['compressed by the server only', { perMessageDeflate: { threshold: 0, clientMaxWindowBits: 8 } }],
])('messages, %s', (name, options) => {
  it('come back as they were sent, in order', async () => {
    const { connection, told } = connect(await server(echo, options), { deflate: name !== 'plain' })
    await told.open()
    const sent: (string | Buffer)[] = []
    for (const size of sizes) {
      const text = Array.from({ length: size }, (_, i) => 'aé☃'[(i * i) % 3])
        .join('')
        .slice(0, Math.floor(size / 3))
      sent.push(text, Buffer.from(text))
    }
    for (const message of sent) {
      connection.send(message)
      await connection.drained()
    }
    await told.until(() => told.messages.length === sent.length)
    expect(told.messages.map(shown)).toEqual(sent.map(shown))
    expect(connection.bufferedAmount).toBe(0)
  })
})

it('messages over TLS come back, and the frames are counted', async () => {
  const {
    ca,
    server: { cert, key },
  } = createCertificates()
  const secure = createTlsServer({ cert, key })
  new WebSocketServer({ server: secure }).on('connection', echo)
  const port = await listen(secure)
  const { connection, told } = connect(`wss://localhost:${port}/x`, { client: { tls: { ca } } })
  await told.open()
  expect(told.times?.tlsEnd).toBeGreaterThan(0)
  connection.send('x'.repeat(100_000))
  connection.send('short')
  await told.until(() => told.messages.length === 2)
  expect(told.messages[1]).toBe('short')
  expect(connection.takeTraffic()).toEqual({ sent: 100_014 + 11, received: 100_010 + 7 })
  expect(connection.takeTraffic()).toEqual({ sent: 0, received: 0 })
  connection.close(4000, 'done')
  expect(await told.end()).toEqual({ code: 4000, reason: 'done', by: 'us', error: undefined })
})

describe('the handshake', () => {
  it('carries cookies both ways, headers and a subprotocol', async () => {
    const heads: Record<string, unknown>[] = []
    const listening = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'b' })
    onTestFinished(() => listening.close())
    listening.on('headers', (lines) => lines.push('Set-Cookie: seen=1'))
    listening.on('connection', (socket, request) => {
      heads.push(request.headers)
      socket.close(1001)
    })
    await new Promise((resolve) => listening.once('listening', resolve))
    const url = `ws://user:pass@127.0.0.1:${(listening.address() as { port: number }).port}/`
    const { told, client } = connect(url, {
      subprotocols: ['a', 'b'],
      headers: { 'X-Mine': 'yes' },
      client: { headers: { 'user-agent': 'me' } },
    })
    expect(await told.ending()).toBe('well by peer (1001)')
    expect(told.subprotocol).toBe('b')
    const authorization = `Basic ${Buffer.from('user:pass').toString('base64')}`
    expect(heads[0]).toMatchObject({
      'x-mine': 'yes',
      'user-agent': 'me',
      authorization,
      'sec-websocket-protocol': 'a, b',
    })
    expect(client.cookies?.headerFor(url.replace('ws', 'http'))).toBe('seen=1')
    expect(told.times?.openAt).toBeGreaterThanOrEqual(told.times?.connectEnd ?? Infinity)
  })

  it('refused by the server says so', async () => {
    const url = await server(() => {}, {
      verifyClient: (_: unknown, answer: (ok: boolean, code: number) => void) => answer(false, 429),
    })
    expect(await connect(url).told.ending()).toBe('WEBSOCKET_REFUSED by failure (1006)')
  })
})

describe('the end', () => {
  it('of a polite close is the server’s answer', async () => {
    const closes: unknown[] = []
    const url = await server((socket) => socket.on('close', (code, reason) => closes.push([code, `${reason}`])))
    const { connection, told, shared } = connect(url)
    await told.open()
    expect(shared.openConnections).toBe(1)
    connection.close(1000, 'bye')
    expect(() => connection.send('late')).toThrow('closing')
    expect(await told.end()).toEqual({ code: 1000, reason: 'bye', by: 'us', error: undefined })
    expect(shared.openConnections).toBe(0)
    connection.close()
    connection.cut()
    expect(told.closes).toHaveLength(1)
    while (closes.length === 0) await new Promise(setImmediate)
    expect(closes).toEqual([[1000, 'bye']])
  })

  it('by the server has its code and reason; with none it is 1005', async () => {
    const { told } = connect(await server((socket) => socket.close(4001, 'kicked')))
    expect(await told.end()).toEqual({ code: 4001, reason: 'kicked', by: 'peer', error: undefined })
    expect(await connect(await server((socket) => socket.close())).told.ending()).toBe('well by peer (1005)')
  })

  it('of a cut is a reset at the server, and nothing but it here', async () => {
    const ended: string[] = []
    const url = await server((socket) => {
      socket.on('error', (error) => ended.push((error as NodeJS.ErrnoException).code ?? ''))
      socket.on('close', (code) => ended.push(`${code}`))
    })
    const { connection, told } = connect(url)
    await told.open()
    connection.cut()
    expect(told.closes).toEqual([{ code: 1006, reason: '', by: 'cut', error: undefined }])
    while (ended.length === 0) await new Promise(setImmediate)
    expect(ended.at(-1)).toBe('1006')
  })

  it('before it has opened is at once', async () => {
    const url = await server(() => {})
    for (const end of ['close', 'cut'] as const) {
      const { connection, told } = connect(url)
      connection[end]()
      expect(told.closes).toEqual([{ code: 1006, reason: '', by: end === 'cut' ? 'cut' : 'us', error: undefined }])
    }
  })

  it('with a code or reason that may not be sent is refused', async () => {
    const { connection, told } = connect(await server(() => {}))
    await told.open()
    for (const code of [1005, 1006, 999, 5000]) expect(() => connection.close(code)).toThrow('cannot close')
    expect(() => connection.close(1000, 'x'.repeat(124))).toThrow('124 B')
    expect(connection.state).toBe('open')
  })
})

it('answers pings, and measures the round trip of its own', async () => {
  const pongs: string[] = []
  const { connection, told } = connect(
    await server((socket) => {
      socket.on('pong', (payload) => pongs.push(`${payload}`))
      socket.ping('hello')
      socket.pong('unasked')
    }),
  )
  await told.open()
  connection.ping()
  connection.ping()
  await told.until(() => told.roundTrips.length === 2)
  expect(told.roundTrips.every((time) => time > 0)).toBe(true)
  expect(pongs).toEqual(['hello'])
})

describe('pausing', () => {
  it('stops messages at once, also those that have been read, and loses none', async () => {
    const url = await server((socket) => {
      for (let i = 0; i < 1000; i++) socket.send(`${i}`)
    })
    let after = 0
    const { connection, told } = connect(url, {
      onMessage: (socket, data) => {
        if (data === '10') socket.pause()
        else if (Number(data) > 10) after++
      },
    })
    await told.until(() => told.messages.length === 11)
    for (let i = 0; i < 20; i++) await new Promise(setImmediate)
    expect(after).toBe(0)
    connection.resume()
    await told.until(() => told.messages.length === 1000)
    expect(told.messages).toEqual(Array.from({ length: 1000 }, (_, i) => `${i}`))
  })

  it('fills the server’s buffers, until the close reads on', async () => {
    let buffered = () => 0
    const url = await server((socket) => {
      buffered = () => socket.bufferedAmount
      for (let i = 0; i < 100; i++) socket.send('x'.repeat(200_000))
    })
    const { connection, told } = connect(url)
    connection.pause()
    await told.open()
    while (buffered() === 0) await new Promise(setImmediate)
    expect(told.messages).toEqual([])
    connection.close()
    expect(await told.ending()).toBe('well by us (1000)')
    expect(told.messages).toHaveLength(100)
  })
})

it('says when the server does not take what is sent, and when it has', async () => {
  let received = 0
  let socket: WebSocket | undefined
  const url = await server((accepted) => {
    socket = accepted
    accepted.pause()
    accepted.on('message', () => received++)
  })
  const { connection, told } = connect(url)
  await told.open()
  let sent = 1
  while (connection.send('x'.repeat(10_000))) sent++
  expect(connection.bufferedAmount).toBeGreaterThan(64 * 1024)
  const drained = connection.drained()
  while (socket === undefined) await new Promise(setImmediate)
  socket.resume()
  await drained
  expect(connection.bufferedAmount).toBe(0)
  while (received < sent) await new Promise(setImmediate)
})
