import { deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { everyOctet } from '../http1/parser-fixture.ts'
import { closeFrame, frame, readFrames } from './frame-fixture.ts'
import { Inflater } from './inflater.ts'

const read = (...frames: Uint8Array[]) => {
  const octets = Buffer.concat(frames)
  const whole = readFrames([octets])
  expect(readFrames(everyOctet(octets))).toEqual(whole)
  return whole.error ?? whole.lines
}

describe('frames', () => {
  it('are messages, of every way to write a length', () => {
    for (const length of [0, 1, 3, 125, 126, 127, 65_535, 65_536, 70_001]) {
      const text = 'x'.repeat(length)
      expect(readFrames([frame(0x81, text)]).lines).toEqual([`text ${text}`])
      expect(readFrames([frame(0x82, text)]).lines).toEqual([`binary ${Buffer.from(text).toString('hex')}`])
    }
  })

  it('make one message of fragments, between which control frames may stand', () => {
    const frames = [
      frame(0x01, 'Hel'),
      frame(0x89, 'p'),
      frame(0x00),
      frame(0x8a),
      frame(0x80, 'lo'),
      frame(0x81, 'ok'),
    ]
    expect(read(...frames)).toEqual(['ping 70', 'pong ', 'text Hello', 'text ok'])
  })

  it('end with a close frame, whatever comes after it', () => {
    expect(read(closeFrame(1000, 'bye'), frame(0x81, 'late'))).toEqual(['close 1000 bye'])
    expect(read(frame(0x88))).toEqual(['close 1005 '])
  })

  it.each([
    ['a reserved bit', frame(0xc1, 'x')],
    ['another reserved bit', frame(0xa1, 'x')],
    ['a reserved bit in a ping', frame(0xc9)],
    ['an unknown kind', frame(0x83)],
    ['an unknown control kind', frame(0x8b)],
    ['a ping in fragments', frame(0x09)],
    ['a long ping', frame(0x89, 'x'.repeat(126))],
    ['a continuation of nothing', frame(0x80, 'x')],
    ['a message within a message', Buffer.concat([frame(0x01, 'x'), frame(0x81, 'y')])],
    ['a reserved bit in a continuation', Buffer.concat([frame(0x01, 'x'), frame(0xc0, 'y')])],
    ['a masked frame', Buffer.from([0x81, 0x81, 1, 2, 3, 4, 5])],
    ['a short length in two octets', Buffer.from([0x82, 126, 0, 125])],
    ['a short length in eight octets', Buffer.from([0x82, 127, 0, 0, 0, 0, 0, 0, 0xff, 0xff])],
    ['half a close code', frame(0x88, 'x')],
  ])('%s is an error', (_, octets) => {
    expect(read(octets)).toBe('MALFORMED_FRAME')
  })

  it.each([0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535])('code %i closes nothing', (code) => {
    expect(read(closeFrame(code))).toBe('MALFORMED_FRAME')
  })

  it.each([1000, 1003, 1007, 1011, 1014, 3000, 3999, 4000, 4999])('code %i closes', (code) => {
    expect(read(closeFrame(code))).toEqual([`close ${code} `])
  })

  it('are refused by what they announce, before a single octet of it', () => {
    const head = (length: bigint) => {
      const octets = Buffer.from([0x82, 127, 0, 0, 0, 0, 0, 0, 0, 0])
      octets.writeBigUInt64BE(length, 2)
      return octets
    }
    for (const length of [1_048_577n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n]) {
      expect(readFrames([head(length)]).error).toBe('MESSAGE_TOO_LARGE')
    }
    expect(readFrames([head(1_048_576n)]).error).toBeUndefined()
    expect(readFrames([frame(0x01, 'abc'), frame(0x80, 'de')], { maxMessage: 4 }).error).toBe('MESSAGE_TOO_LARGE')
  })

  it('that are empty and never end a message are counted', () => {
    const frames = [frame(0x01), ...Array.from({ length: 10 }, () => frame(0x00))]
    expect(readFrames(frames, { maxFragments: 10 }).error).toBe('TOO_MANY_FRAGMENTS')
  })
})

describe('text', () => {
  it.each(['κόσμε', '\ufffd', '\ufeffx', '😀', '\u0000', '\ud7ff\ue000', '\u{10ffff}'])('%j is itself', (text) => {
    expect(read(frame(0x81, text))).toEqual([`text ${text}`])
  })

  it.each(['c0af', 'eda080', 'f4908080', 'ff', '80', 'c3', 'e28281c3', 'f08080af', 'cebae1bdb9cf83cebcceb5eda080'])(
    'of the octets %s is an error, in close frames too',
    (hex) => {
      const octets = Buffer.from(hex, 'hex')
      expect(read(frame(0x81, octets))).toBe('MALFORMED_UTF8')
      expect(read(frame(0x01, octets.subarray(0, 1)), frame(0x80, octets.subarray(1)))).toBe('MALFORMED_UTF8')
      expect(read(closeFrame(1000, octets))).toBe('MALFORMED_UTF8')
    },
  )

  it('is found wrong at the octet that makes it so, not at the end', () => {
    const announced = frame(0x81, Buffer.alloc(100))
    for (const hex of ['cebaf490', 'ff', 'e080', 'eda0', 'f08f', 'c0', 'f5']) {
      const begun = Buffer.concat([announced.subarray(0, 2), Buffer.from(hex, 'hex')])
      expect(readFrames(everyOctet(begun)).error).toBe('MALFORMED_UTF8')
      expect(readFrames([begun]).error).toBe('MALFORMED_UTF8')
    }
  })

  it('may be cut within a character', () => {
    expect(read(frame(0x01, Buffer.from('f09f', 'hex')), frame(0x80, Buffer.from('9880', 'hex')))).toEqual(['text 😀'])
  })
})

describe('compressed messages', () => {
  const squeeze = (text: string | Buffer, dictionary?: Buffer) =>
    deflateRawSync(text, { finishFlush: 2, ...(dictionary === undefined ? {} : { dictionary }) }).subarray(0, -4)
  const inflated = (frames: Uint8Array[], window: number, maxMessage = 1 << 20) =>
    readFrames(frames, { inflater: new Inflater(window), maxMessage })

  it('come out as they went in, fragments and all', () => {
    const octets = squeeze('hello hello hello')
    const frames = [
      frame(0x41, octets.subarray(0, 3)),
      frame(0x89),
      frame(0x80, octets.subarray(3)),
      frame(0x81, 'plain'),
    ]
    expect(inflated(frames, 0).lines).toEqual(['ping ', 'text hello hello hello', 'text plain'])
    expect(inflated([frame(0xc2, octets)], 0).lines).toEqual([
      `binary ${Buffer.from('hello hello hello').toString('hex')}`,
    ])
  })

  it('may refer to earlier ones where that was agreed', () => {
    const [first, second] = ['{"room":"a","text":"one"}', '{"room":"a","text":"two"}']
    const frames = [frame(0xc1, squeeze(first)), frame(0xc1, squeeze(second, Buffer.from(first)))]
    expect(inflated(frames, 32_768).lines).toEqual([`text ${first}`, `text ${second}`])
    expect(inflated(frames, 0).error).toBe('MALFORMED_DEFLATE')
  })

  it('may end with a final block', () => {
    const octets = Buffer.concat([deflateRawSync('final'), Buffer.from([0])])
    expect(inflated([frame(0xc1, octets)], 0).lines).toEqual(['text final'])
  })

  it('that grow beyond the limit, are damaged, go on behind their end, or are no text, are errors', () => {
    expect(inflated([frame(0xc2, squeeze(Buffer.alloc(50_000_000)))], 0).error).toBe('MESSAGE_TOO_LARGE')
    expect(inflated([frame(0xc1, 'garbage')], 0).error).toBe('MALFORMED_DEFLATE')
    expect(inflated([frame(0xc1, Buffer.alloc(10_000, '0300', 'hex'))], 0).error).toBe('MALFORMED_DEFLATE')
    expect(inflated([frame(0xc1, squeeze(Buffer.from('ff', 'hex')))], 0).error).toBe('MALFORMED_UTF8')
  })
})
