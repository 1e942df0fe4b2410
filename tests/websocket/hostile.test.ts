import { type AddressInfo, createServer } from 'node:net'
import { deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { millis } from '../../packages/plimsoll/src/base/units.ts'
import { closeFrame, frame } from '../../packages/plimsoll/src/protocols/websocket/frame-fixture.ts'
import { acceptance, bareServer, connect, frameServer, keyOf } from './harness.ts'

describe('a handshake', () => {
  it.each([
    [
      'that is refused with 401',
      'HTTP/1.1 401 Unauthorized\r\ncontent-length: 2\r\n\r\nno',
      'WEBSOCKET_REFUSED',
      '401 Unauthorized',
    ],
    ['that is limited', 'HTTP/1.1 429 Too Many Requests\r\n\r\n', 'WEBSOCKET_REFUSED', '429 Too Many Requests'],
    ['that is redirected', 'HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\n\r\n', 'WEBSOCKET_REFUSED', '302 Found'],
    ['that is answered as a request', 'HTTP/1.1 200 OK\r\n\r\n', 'WEBSOCKET_REFUSED', '200 OK'],
    ['of another protocol', 'SSH-2.0-OpenSSH_9.6\r\n', 'MALFORMED_STATUS_LINE', 'SSH-2.0'],
    ['with a line that is no field', 'HTTP/1.1 101 OK\r\nbad line\r\n\r\n', 'MALFORMED_HEADER', 'no field'],
    ['with an endless head', `HTTP/1.1 101 OK\r\nx: ${'y'.repeat(70_000)}`, 'HEADERS_TOO_LARGE', '65536 B'],
    ['with endless interim answers', 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(40), 'HEADERS_TOO_LARGE', 'interim'],
  ])('%s fails', async (_, answer, code, message) => {
    const { url } = await bareServer((socket) => socket.write(answer))
    const { told, shared } = connect(url)
    const close = await told.end()
    expect(close).toMatchObject({ by: 'failure', code: 1006, error: { code } })
    expect(close.error?.message).toContain(message)
    expect(shared.openConnections).toBe(0)
  })

  it.each([
    ['another accept', (head: string) => acceptance(head).replace(/Accept: ./, 'Accept: !')],
    ['no accept', (head: string) => acceptance(head).replace(/Sec-WebSocket-Accept.*\r\n/, '')],
    ['the key of somebody else', (head: string) => acceptance(head.replace(keyOf(head), 'dGhlIHNhbXBsZSBub25jZQ=='))],
    ['no upgrade', (head: string) => acceptance(head).replace(/Upgrade: websocket\r\n/, '')],
    ['another upgrade', (head: string) => acceptance(head).replace('websocket', 'h2c')],
    ['another connection', (head: string) => acceptance(head).replace('Connection: Upgrade', 'Connection: close')],
    ['a subprotocol nobody offered', (head: string) => acceptance(head, 'Sec-WebSocket-Protocol: chat\r\n')],
    [
      'an extension nobody offered',
      (head: string) => acceptance(head, 'Sec-WebSocket-Extensions: permessage-deflate\r\n'),
    ],
    ['HTTP/1.0', (head: string) => acceptance(head).replace('HTTP/1.1', 'HTTP/1.0')],
  ])('with %s fails', async (_, answer) => {
    const { url } = await bareServer((socket, head) => socket.write(answer(head)))
    expect(await connect(url).told.ending()).toBe('WEBSOCKET_HANDSHAKE by failure (1006)')
  })

  it('that takes none of the subprotocols, or answers with terms of its own, fails', async () => {
    const { url } = await frameServer(() => {})
    expect(await connect(url, { subprotocols: ['a'] }).told.ending()).toContain('WEBSOCKET_HANDSHAKE')
    const other = await frameServer(() => {}, 'Sec-WebSocket-Extensions: permessage-deflate; x=1\r\n')
    expect(await connect(other.url, { deflate: true }).told.ending()).toContain('WEBSOCKET_HANDSHAKE')
  })

  it('that is refused, closed, reset or never answered says which', async () => {
    const free = createServer()
    await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve))
    const { port } = free.address() as AddressInfo
    free.close()
    expect(await connect(`ws://127.0.0.1:${port}`).told.ending()).toBe('CONNECT_REFUSED by failure (1006)')
    const closing = await bareServer((socket) => socket.end())
    expect(await connect(closing.url).told.ending()).toBe('CONNECTION_CLOSED by failure (1006)')
    const resetting = await bareServer((socket) => socket.resetAndDestroy())
    expect(await connect(resetting.url).told.ending()).toBe('CONNECTION_RESET by failure (1006)')
    const silent = await bareServer(() => {})
    expect(await connect(silent.url, { connectTimeout: millis(30) }).told.ending()).toBe(
      'TIMEOUT_CONNECT by failure (1006)',
    )
    const halfway = await bareServer((socket) => socket.write('HTTP/1.1 101 Switching'))
    expect(await connect(halfway.url, { connectTimeout: millis(30) }).told.ending()).toContain('TIMEOUT_CONNECT')
  })

  it('that cannot be asked for is told like any other failure, a turn later', async () => {
    const told = (url: string, options = {}) => connect(url, options).told.ending()
    expect(await told('ws://127.0.0.1:99999')).toBe('BAD_REQUEST by failure (1006)')
    expect(await told('ftp://x')).toBe('BAD_REQUEST by failure (1006)')
    expect(await told('ws://127.0.0.1:1', { headers: { Upgrade: 'h2c' } })).toBe('BAD_REQUEST by failure (1006)')
    expect(await told('ws://127.0.0.1:1', { headers: { x: 'a\r\nb: c' } })).toBe('BAD_REQUEST by failure (1006)')
    expect(await told('ws://127.0.0.1:1', { subprotocols: ['a', 'a'] })).toBe('BAD_REQUEST by failure (1006)')
    const client = { allowHost: (host: string) => host === 'localhost' }
    expect(await told('ws://127.0.0.1:1', { client })).toBe('HOST_NOT_ALLOWED by failure (1006)')
  })
})

describe('a server that sends', () => {
  const deflated = 'Sec-WebSocket-Extensions: permessage-deflate\r\n'
  const bomb = deflateRawSync(Buffer.alloc(20_000_000), { finishFlush: 2 }).subarray(0, -4)
  it.each([
    ['a malformed frame', frame(0x83), 'MALFORMED_FRAME', 1002],
    ['a masked frame', Buffer.from([0x81, 0x80, 0, 0, 0, 0]), 'MALFORMED_FRAME', 1002],
    ['a giant length', Buffer.from('827fffffffffffffffff', 'hex'), 'MESSAGE_TOO_LARGE', 1009],
    ['wrong UTF-8', frame(0x81, Buffer.from('c0', 'hex')), 'MALFORMED_UTF8', 1007],
    [
      'fragments without end',
      Buffer.concat([frame(0x01), ...Array(2000).fill(frame(0x00))]),
      'TOO_MANY_FRAGMENTS',
      1008,
    ],
    ['a flood of pings', Buffer.concat(Array(200).fill(frame(0x89, 'p'))), 'CONTROL_FLOOD', 1008],
    ['a bomb', frame(0xc2, bomb), 'MESSAGE_TOO_LARGE', 1009],
    ['damaged deflate', frame(0xc2, 'garbage'), 'MALFORMED_DEFLATE', 1007],
  ])('%s is told why it loses this connection', async (_, octets, code, closeCode) => {
    const server = await frameServer((socket) => socket.write(octets), deflated)
    const { told, shared } = connect(server.url, { deflate: true })
    expect(await told.ending()).toBe(`${code} by failure (1006)`)
    expect(shared.openConnections).toBe(0)
    for (let i = 0; i < 1000 && !hasClosed(server.received(), closeCode); i++) await new Promise(setImmediate)
    expect(hasClosed(server.received(), closeCode)).toBe(true)
  })

  it('a close in the middle of a message loses it, and that is counted', async () => {
    const { url } = await frameServer((socket) => {
      socket.write(Buffer.concat([frame(0x01, 'half'), closeFrame(1001, 'restart')]))
      socket.on('data', () => socket.end())
    })
    const { told } = connect(url)
    expect(await told.end()).toMatchObject({
      code: 1001,
      reason: 'restart',
      by: 'peer',
      error: { code: 'CONNECTION_CLOSED' },
    })
    expect(told.messages).toEqual([])
  })

  it('nothing more, without a close frame, is lost', async () => {
    const ended = await frameServer((socket) => socket.end(frame(0x81, 'last')))
    const first = connect(ended.url)
    expect(await first.told.ending()).toBe('CONNECTION_CLOSED by peer (1006)')
    expect(first.told.messages).toEqual(['last'])
    const cut = await frameServer((socket) => socket.end(frame(0x81, 'last').subarray(0, 3)))
    expect(await connect(cut.url).told.ending()).toBe('CONNECTION_CLOSED by peer (1006)')
    const reset = await frameServer((socket) => socket.once('data', () => socket.resetAndDestroy()))
    const last = connect(reset.url)
    await last.told.open()
    last.connection.send('x')
    expect(await last.told.ending()).toBe('CONNECTION_RESET by peer (1006)')
  })

  it('no answer to our close is left after a while', async () => {
    const server = await frameServer((socket) => socket.write(frame(0x81, 'hi')))
    const { told, connection, shared } = connect(server.url, { closeTimeout: millis(30) })
    await told.until(() => told.messages.length > 0)
    connection.close()
    expect(connection.state).toBe('closing')
    expect(await told.ending()).toBe('TIMEOUT_CLOSE by us (1006)')
    expect(shared.openConnections).toBe(0)
  })

  it('its close frame and then keeps the connection is left after a while, and all was well', async () => {
    const { url } = await frameServer((socket) => socket.write(closeFrame(1000)))
    expect(await connect(url, { closeTimeout: millis(30) }).told.ending()).toBe('well by peer (1000)')
  })

  it('messages after our close frame still delivers them', async () => {
    const { url } = await frameServer((socket) => {
      socket.write(frame(0x81, 'one'))
      socket.on('data', () => socket.end(Buffer.concat([frame(0x81, 'two'), closeFrame(1000)])))
    })
    const { told } = connect(url, { onMessage: (connection) => connection.close() })
    expect(await told.ending()).toBe('well by us (1000)')
    expect(told.messages).toEqual(['one', 'two'])
  })

  it('everything in one segment with its handshake loses nothing', async () => {
    const { url } = await bareServer((socket, head) =>
      socket.write(Buffer.concat([Buffer.from(acceptance(head)), frame(0x81, 'a'), frame(0x82, 'b')])),
    )
    const { told } = connect(url)
    await told.until(() => told.messages.length === 2)
    expect(told.messages).toEqual(['a', Buffer.from('b')])
    expect(told.connection?.takeTraffic()).toEqual({ sent: 0, received: 6 })
  })

  it('everything octet by octet loses nothing', async () => {
    const { url } = await bareServer((socket, head) => {
      const octets = Buffer.concat([
        Buffer.from(`HTTP/1.1 103 Early Hints\r\n\r\n${acceptance(head)}`),
        frame(0x81, 'héllo'),
        closeFrame(1000),
      ])
      let at = 0
      const next = () => {
        if (at < octets.length) socket.write(octets.subarray(at, ++at), () => setImmediate(next))
        else socket.end()
      }
      next()
    })
    const { told } = connect(url)
    expect(await told.ending()).toBe('well by peer (1000)')
    expect(told.messages).toEqual(['héllo'])
  })
})

it('costs nobody else anything', async () => {
  const noise = Buffer.from(Array.from({ length: 300 }, (_, i) => (i * 7919) % 256))
  const { url } = await frameServer((socket) => socket.write(noise))
  const quiet = await frameServer((socket) => socket.write(frame(0x81, 'still here')))
  const good = connect(quiet.url)
  const bad = Array.from({ length: 20 }, () => connect(url))
  for (const { told } of bad) expect(await told.ending()).toContain('MALFORMED_FRAME')
  await good.told.until(() => good.told.messages.length > 0)
  expect(good.connection.state).toBe('open')
})

/** Whether the octets end with a masked close frame of this code. */
function hasClosed(octets: Buffer, code: number): boolean {
  const at = octets.length - 8
  if (at < 0 || octets[at] !== 0x88 || octets[at + 1] !== 0x82) return false
  return (((octets[at + 6]! ^ octets[at + 2]!) << 8) | (octets[at + 7]! ^ octets[at + 3]!)) === code
}
