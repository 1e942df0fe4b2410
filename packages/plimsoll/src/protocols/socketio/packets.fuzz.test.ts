import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readAll } from './packet-fixture.ts'
import { encodePacket } from './packet-writer.ts'

const seeds = [
  '2["message",{"text":"hello"}]',
  '2/chat,17["message",1,null]',
  '31[{"ok":true}]',
  '0{"sid":"abc","pid":"def"}',
  '4{"message":"no","data":{"code":1}}',
  '52-["file",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]',
  '61-4[{"_placeholder":true,"num":0}]',
]
const special = fc.constantFrom(
  '',
  '0',
  '9',
  '-',
  ',',
  '/',
  '[',
  ']',
  '{',
  '"',
  '\\',
  '\u0000',
  '\ud800',
  '["',
  '1e999',
)

/** One of the seeds with some of it cut out and other characters put in. */
const mutatedText = fc
  .tuple(fc.constantFrom(...seeds), fc.array(fc.tuple(fc.nat(70), fc.nat(4), special), { maxLength: 4 }))
  .map(([seed, edits]) => edits.reduce((text, [at, cut, put]) => text.slice(0, at) + put + text.slice(at + cut), seed))

const octets = fc.uint8Array({ maxLength: 60 })
const message = fc.oneof(mutatedText, fc.string(), octets)

const msgpackSeeds = [
  { type: 2, nsp: '/', data: ['message', { text: 'hello', list: [1, -7, 2.5, 70_000, true, null] }] },
  { type: 3, nsp: '/', id: 4, data: [new Uint8Array([1, 2, 3])] },
  { type: 0, nsp: '/', data: { sid: 'abc' } },
].flatMap((packet) => encodePacket(packet, 'msgpack') as Uint8Array[])
const mutatedMsgpack = fc
  .tuple(fc.constantFrom(...msgpackSeeds), fc.array(fc.tuple(fc.nat(70), fc.nat(255)), { maxLength: 4 }), fc.nat(80))
  .map(([seed, edits, length]) => {
    const bytes = Uint8Array.from(seed.subarray(0, length))
    for (const [at, value] of edits) if (at < bytes.length) bytes[at] = value
    return bytes
  })

const known = ['MALFORMED_PACKET', 'UNKNOWN_NAMESPACE', 'TOO_MANY_ATTACHMENTS', 'MESSAGE_TOO_LARGE']

describe('whatever a server sends', () => {
  it('is read as packets or counted, and never thrown', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 6 }), fc.constantFrom('/', '/chat'), (messages, namespace) => {
        const { read } = readAll(messages, namespace)
        expect(read.length).toBeLessThanOrEqual(messages.length)
        for (const [what, code] of read) if (what === 'unreadable') expect(known).toContain(code)
      }),
      { numRuns: 3000 },
    )
  })

  it('is read as msgpack or counted, and never thrown', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(mutatedMsgpack, octets), { maxLength: 3 }), (messages) => {
        const { read } = readAll(messages, '/', 'msgpack')
        expect(read.length).toBeLessThanOrEqual(messages.length)
        for (const [what, code] of read) if (what === 'unreadable') expect(known).toContain(code)
      }),
      { numRuns: 3000 },
    )
  })

  it('leaves nothing behind for the connections that come after', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 4 }), (messages) => {
        readAll(messages)
        expect(readAll(['2["a",1]', '0{"sid":"b"}']).read).toEqual([
          ['event', 'a', [1], -1],
          ['joined', { sid: 'b' }],
        ])
      }),
      { numRuns: 500 },
    )
  })
})
