import type { Socket } from 'node:net'
import { deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { closeFrame, frame } from '../../packages/plimsoll/src/protocols/websocket/frame-fixture.ts'
import { connect, frameServer } from './harness.ts'

/**
 * After the Autobahn test suite: the server sends a case, the client echoes every message that it gets, and what has come
 * back when the connection is over is compared. Each case is sent in one piece, in pieces and octet by octet.
 */
async function outcomes(octets: Buffer, options: { deflate?: boolean } = {}) {
  const fields = options.deflate === true ? 'Sec-WebSocket-Extensions: permessage-deflate\r\n' : ''
  const results: string[] = []
  for (const size of [octets.length, 997, octets.length < 3000 ? 1 : 4096]) {
    const server = await frameServer((socket) => {
      send(socket, octets, size)
      socket.on('data', () => readClient(server.received()).at(-1)?.startsWith('close') && socket.end())
    }, fields)
    const { told } = connect(server.url, {
      deflate: options.deflate === true,
      maxMessage: 300_000,
      onMessage: (connection, data) => connection.state === 'open' && connection.send(data),
    })
    const { error } = await told.end()
    for (let i = 0; i < 100 && !readClient(server.received()).at(-1)?.startsWith('close'); i++) {
      await new Promise(setImmediate)
    }
    results.push([...readClient(server.received()), error?.code ?? 'well'].join(', '))
  }
  expect(results.slice(1)).toEqual([results[0], results[0]])
  return results[0]
}

function send(socket: Socket, octets: Buffer, size: number): void {
  let at = 0
  const next = () => {
    if (at >= octets.length || socket.destroyed) return
    socket.write(octets.subarray(at, at + size), () => setImmediate(next))
    at += size
  }
  next()
}

/** The client's frames, unmasked, a short line each. */
function readClient(octets: Buffer): string[] {
  const lines: string[] = []
  for (let at = 0; at + 2 <= octets.length; ) {
    const short = octets[at + 1]! & 0x7f
    const begin = at + (short === 127 ? 10 : short === 126 ? 4 : 2)
    if (begin + 4 > octets.length) break
    const length =
      short === 127 ? Number(octets.readBigUInt64BE(at + 2)) : short === 126 ? octets.readUInt16BE(at + 2) : short
    const payload = Buffer.from(
      octets.subarray(begin + 4, begin + 4 + length).map((octet, i) => octet ^ octets[begin + (i % 4)]!),
    )
    if (payload.length < length) break
    const kind = ({ 1: 'text', 2: 'binary', 8: 'close', 10: 'pong' } as const)[octets[at]! & 0x0f] ?? 'unknown'
    const shown =
      kind === 'close'
        ? `${length === 0 ? '' : payload.readUInt16BE(0)}`
        : kind === 'text'
          ? `${payload}`
          : payload.toString('hex')
    lines.push(`${kind} ${shown.length > 60 ? `${shown.slice(0, 4)}…${shown.length}` : shown}`.trim())
    at = begin + 4 + length
  }
  return lines
}

const bye = closeFrame(1000)
const all = (...frames: Uint8Array[]) => Buffer.concat([...frames, bye])
const squeeze = (text: string) => deflateRawSync(text, { finishFlush: 2 }).subarray(0, -4)
const long = (length: number) => '*'.repeat(length)

describe.each<[string, [string, Buffer, string, { deflate?: boolean }?][]]>([
  [
    '1 messages',
    [
      ['empty text', all(frame(0x81)), 'text, close 1000, well'],
      ['short text', all(frame(0x81, 'Hello')), 'text Hello, close 1000, well'],
      ['text of 125', all(frame(0x81, long(125))), 'text ****…125, close 1000, well'],
      ['text of 65536', all(frame(0x81, long(65_536))), 'text ****…65536, close 1000, well'],
      ['empty binary', all(frame(0x82)), 'binary, close 1000, well'],
      ['binary of 127', all(frame(0x82, long(127))), 'binary 2a2a…254, close 1000, well'],
    ],
  ],
  [
    '2 pings and pongs',
    [
      ['ping', all(frame(0x89)), 'pong, close 1000, well'],
      ['ping of 125', all(frame(0x89, long(125))), 'pong 2a2a…250, close 1000, well'],
      ['ping of 126', all(frame(0x89, long(126))), 'close 1002, MALFORMED_FRAME'],
      ['unasked pong', all(frame(0x8a, 'x')), 'close 1000, well'],
      [
        'three pings',
        all(...Array.from({ length: 3 }, (_, i) => frame(0x89, `${i}`))),
        'pong 30, pong 31, pong 32, close 1000, well',
      ],
    ],
  ],
  [
    '3 and 4 reserved bits and kinds',
    [
      ['after a good message', all(frame(0x81, 'ok'), frame(0x91, 'x')), 'text ok, close 1002, MALFORMED_FRAME'],
      ['in a close', Buffer.concat([frame(0xf8)]), 'close 1002, MALFORMED_FRAME'],
      ['kind 3', all(frame(0x83)), 'close 1002, MALFORMED_FRAME'],
      ['kind 11', all(frame(0x8b)), 'close 1002, MALFORMED_FRAME'],
    ],
  ],
  [
    '5 fragments',
    [
      ['two', all(frame(0x01, 'a'), frame(0x80, 'b')), 'text ab, close 1000, well'],
      [
        'with a ping between',
        all(frame(0x01, 'a'), frame(0x89, 'p'), frame(0x80, 'b')),
        'pong 70, text ab, close 1000, well',
      ],
      ['a ping in fragments', all(frame(0x09, 'a'), frame(0x80, 'b')), 'close 1002, MALFORMED_FRAME'],
      ['a continuation of nothing', all(frame(0x80, 'a')), 'close 1002, MALFORMED_FRAME'],
      ['a message within', all(frame(0x01, 'a'), frame(0x81, 'b')), 'close 1002, MALFORMED_FRAME'],
      ['empty ones', all(frame(0x01), frame(0x00, 'middle'), frame(0x80)), 'text middle, close 1000, well'],
    ],
  ],
  [
    '6 UTF-8',
    [
      [
        'cut between characters',
        all(frame(0x01, 'Hello-µ@ß'), frame(0x80, 'öäü')),
        'text Hello-µ@ßöäü, close 1000, well',
      ],
      [
        'cut within one',
        all(frame(0x01, Buffer.from('ce', 'hex')), frame(0x80, Buffer.from('ba', 'hex'))),
        'text κ, close 1000, well',
      ],
      ['a surrogate', all(frame(0x81, Buffer.from('eda080', 'hex'))), 'close 1007, MALFORMED_UTF8'],
      ['wrong, and never ended', frame(0x01, Buffer.from('cebae1bdb9f4908080', 'hex')), 'close 1007, MALFORMED_UTF8'],
    ],
  ],
  [
    '7 the end',
    [
      ['a message after it', Buffer.concat([bye, frame(0x81, 'late')]), 'close 1000, well'],
      ['without a code', frame(0x88), 'close, well'],
      ['half a code', frame(0x88, 'x'), 'close 1002, MALFORMED_FRAME'],
      ['a reason of 123', closeFrame(1000, long(123)), 'close 1000, well'],
      ['a reason of 124', closeFrame(1000, long(124)), 'close 1002, MALFORMED_FRAME'],
      ['a reason that is no UTF-8', closeFrame(1000, Buffer.from('c0', 'hex')), 'close 1007, MALFORMED_UTF8'],
      ['1005 on the wire', closeFrame(1005), 'close 1002, MALFORMED_FRAME'],
      ['in the middle of a message', Buffer.concat([frame(0x01, 'half'), bye]), 'close 1000, CONNECTION_CLOSED'],
    ],
  ],
  [
    '9 limits',
    [
      ['the longest', all(frame(0x81, long(300_000))), 'text ****…300000, close 1000, well'],
      ['one more', all(frame(0x81, long(300_001))), 'close 1009, MESSAGE_TOO_LARGE'],
      ['one more in fragments', all(frame(0x01, long(300_000)), frame(0x80, '*')), 'close 1009, MESSAGE_TOO_LARGE'],
    ],
  ],
  [
    '12 and 13 compression',
    [
      ['one', all(frame(0xc1, squeeze('Hello'))), 'text Hello, close 1000, well', { deflate: true }],
      [
        'among plain ones',
        all(frame(0x81, 'a'), frame(0xc1, squeeze('b'))),
        'text a, text b, close 1000, well',
        { deflate: true },
      ],
      ['not agreed on', all(frame(0xc1, squeeze('Hello'))), 'close 1002, MALFORMED_FRAME'],
      [
        'beyond the limit',
        all(frame(0xc1, squeeze(long(300_001)))),
        'close 1009, MESSAGE_TOO_LARGE',
        { deflate: true },
      ],
      ['damaged', all(frame(0xc1, 'garbage')), 'close 1007, MALFORMED_DEFLATE', { deflate: true }],
    ],
  ],
])('%s', (_, cases) => {
  it.each(cases)('%s', async (_name, octets, expected, options) => {
    expect(await outcomes(octets, options)).toBe(expected)
  })
})
