import fc from 'fast-check'
import { Decoder } from 'socket.io-parser'
import { describe, expect, it } from 'vitest'
import { millis } from '../../base/units.ts'
import { type DecodedPacket, dispatch } from './dispatch.ts'
import { type Read, ReadLog, readAll } from './packet-fixture.ts'

/** What the kept parser alone makes of a packet. */
function readByLibrary(text: string, namespace: string): Read | undefined {
  const log = new ReadLog()
  const decoder = new Decoder()
  decoder.on('decoded', (packet: DecodedPacket) => dispatch(packet, namespace, log, millis(1), text.length))
  try {
    decoder.add(text)
  } catch (error) {
    const isTooMany = (error as Error).message === 'too many attachments'
    return ['unreadable', isTooMany ? 'TOO_MANY_ATTACHMENTS' : 'MALFORMED_PACKET']
  }
  return log.read[0]
}

const namespace = fc.constantFrom('/', '/chat', '/a-b', '/1')
const stated = fc.constantFrom('', '/chat,', '/chat', '/1,', '/,', '/a-b,', '/a,b,')
const id = fc.oneof(
  fc.constant(''),
  fc.nat(1e6).map(String),
  fc.constantFrom(
    '0',
    '007',
    ' ',
    '1 ',
    '1e3',
    '-1',
    '99999999999999',
    '999999999999999',
    '9999999999999999999999',
    '.5',
  ),
)
const name = fc.oneof(fc.string(), fc.constantFrom('message', 'connect', 'disconnecting', '__proto__'))
const json = fc.oneof(
  fc.tuple(name, fc.jsonValue()).map((data) => JSON.stringify(data)),
  fc.array(fc.jsonValue()).map((data) => JSON.stringify(data)),
  fc.json(),
  fc.constantFrom('', '[', '[]', ' ["a"]', '["a"] ', '["a"],', '[,]', '["a",{"__proto__":{"b":1}}]', '["\ud800"]'),
)
const packet = fc
  .tuple(fc.constantFrom('0', '1', '2', '2', '2', '3', '3', '4', '7', ''), stated, id, json)
  .map((parts) => parts.join(''))

describe('the short way for plain packets', () => {
  it('means what the kept parser means, packet by packet', () => {
    fc.assert(
      fc.property(packet, namespace, (text, joined) => {
        expect(readAll([text], joined).read[0]).toEqual(readByLibrary(text, joined))
      }),
      { numRuns: 3000 },
    )
  })
})
