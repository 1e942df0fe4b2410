import { deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cutAt, everyOctet } from '../http1/parser-fixture.ts'
import { frame, readFrames } from './frame-fixture.ts'
import { Inflater } from './inflater.ts'

const hex = (octets: Uint8Array) => Buffer.from(octets).toString('hex')
const control = fc.tuple(fc.constantFrom(0x9, 0xa), fc.uint8Array({ maxLength: 125 }))
const content = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc.string({ unit: 'binary-ascii', maxLength: 70_000 }),
  fc.uint8Array({ maxLength: 300 }),
)
const places = fc.array(fc.nat(100_000), { maxLength: 8 })

/** A message, the places where it is cut into fragments, and a control frame to follow some of them. */
const message = fc
  .record({ content, cuts: fc.array(fc.nat(70_000), { maxLength: 5 }), controls: fc.array(control, { maxLength: 3 }) })
  .map(({ content: data, cuts, controls }) => {
    const isText = typeof data === 'string'
    const fragments = cutAt(Buffer.from(data as Uint8Array), cuts)
    const frames: Buffer[] = []
    const lines: string[] = []
    fragments.forEach((fragment, i) => {
      const last = i === fragments.length - 1
      frames.push(frame((last ? 0x80 : 0) | (i > 0 ? 0 : isText ? 1 : 2), fragment))
      const [kind, payload] = controls[i] ?? []
      if (last) lines.push(isText ? `text ${Buffer.from(data).toString()}` : `binary ${hex(data as Uint8Array)}`)
      if (kind === undefined || payload === undefined) return
      frames.push(frame(0x80 | kind, payload))
      lines.push(`${kind === 9 ? 'ping' : 'pong'} ${hex(payload)}`)
    })
    return { octets: Buffer.concat(frames), lines }
  })

describe('the frame parser', () => {
  it('reads every sequence of messages, in fragments, with control frames between them, cut anywhere', () => {
    fc.assert(
      fc.property(fc.array(message, { minLength: 1, maxLength: 4 }), places, (messages, cuts) => {
        const octets = Buffer.concat(messages.map((sent) => sent.octets))
        const lines = messages.flatMap((sent) => sent.lines)
        expect(readFrames([octets])).toEqual({ lines, error: undefined })
        expect(readFrames(cutAt(octets, cuts))).toEqual({ lines, error: undefined })
      }),
      { numRuns: 200 },
    )
  })

  it('reads the same octet by octet', () => {
    const short = fc.array(fc.string({ unit: 'grapheme', maxLength: 140 }), { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(short, (texts) => {
        const octets = Buffer.concat(texts.map((text) => frame(0x81, text)))
        expect(readFrames(everyOctet(octets)).lines).toEqual(
          texts.map((text) => `text ${Buffer.from(text).toString()}`),
        )
      }),
      { numRuns: 200 },
    )
  })

  it('takes any octets without harm, and makes the same of them however they are cut', () => {
    const head = fc.tuple(fc.constantFrom(0x01, 0x81, 0x82, 0x00, 0x80, 0x89, 0x88, 0xc1, 0x02), fc.nat(8))
    const begun = fc.array(head, { maxLength: 6 }).map((heads) => heads.flat())
    const noise = fc.tuple(begun, fc.uint8Array({ maxLength: 200 })).map(([a, b]) => Buffer.from([...a, ...b]))
    fc.assert(
      fc.property(noise, places, fc.boolean(), (octets, cuts, deflates) => {
        const limits = () => ({
          maxMessage: 1000,
          maxFragments: 5,
          ...(deflates ? { inflater: new Inflater(256) } : {}),
        })
        const whole = readFrames([octets], limits())
        const pieces = readFrames(cutAt(octets, cuts), limits())
        const single = readFrames(everyOctet(octets), limits())
        expect(pieces.lines).toEqual(whole.lines)
        expect(single.lines).toEqual(whole.lines)
        if (pieces.error !== undefined) expect(single.error).toBe(pieces.error)
        if (whole.error !== undefined) expect(single.error).toBe(whole.error)
      }),
      { numRuns: 2000 },
    )
  })

  it('inflates what a server compresses with its window kept', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 400 }), { minLength: 1, maxLength: 6 }), (texts) => {
        let history = Buffer.alloc(0)
        const frames = texts.map((text) => {
          const dictionary = history.length === 0 ? {} : { dictionary: history.subarray(-512) }
          const octets = deflateRawSync(text, { windowBits: 9, finishFlush: 2, ...dictionary }).subarray(0, -4)
          history = Buffer.concat([history, Buffer.from(text)])
          return frame(0xc1, octets)
        })
        const { lines, error } = readFrames(frames, { inflater: new Inflater(512) })
        expect(error).toBeUndefined()
        expect(lines).toEqual(texts.map((text) => `text ${Buffer.from(text).toString()}`))
      }),
      { numRuns: 200 },
    )
  })
})
