import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { command, LONGEST_REPLY, readReply } from './reply.ts'

const read = (text: string) => readReply(Buffer.from(text))

describe('readReply', () => {
  it('reads texts and errors', () => {
    expect(read('+OK\r\n')).toEqual({ text: 'OK' })
    expect(read('-NOAUTH Authentication required.\r\n')).toEqual({ error: 'NOAUTH Authentication required.' })
    expect(read('$5\r\na\r\nbc\r\n')).toEqual({ text: 'a\r\nbc' })
  })

  it.each(['HTTP/1.1 400 Bad Request\r\n', ':1\r\n', '*1\r\n', '$-1\r\n', '$1e3\r\n', '\x15\x03\x01'])(
    'does not take %j for Redis',
    (text) => {
      expect(() => read(text)).toThrow('not Redis')
    },
  )

  it('waits for no answer without an end', () => {
    expect(() => read(`$${LONGEST_REPLY + 1}\r\n`)).toThrow('longer than')
    expect(() => read(`+${'x'.repeat(LONGEST_REPLY + 1)}`)).toThrow('longer than')
  })

  it('reads any text, and only when the last octet has come', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const octets = Buffer.from(`$${Buffer.byteLength(text)}\r\n${text}\r\n`)
        for (let length = 0; length < octets.length; length++) {
          expect(readReply(octets.subarray(0, length))).toBeUndefined()
        }
        expect(readReply(octets)).toEqual({ text })
      }),
    )
  })

  it('takes any octets for a reply, the beginning of one, or not Redis', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (octets) => {
        try {
          readReply(Buffer.from(octets))
        } catch (error) {
          expect(String(error)).toMatch(/not Redis|longer than/)
        }
      }),
    )
  })
})

it('counts octets in commands, not characters', () => {
  expect(command('AUTH', 'pässwörd\r\n')).toBe('*2\r\n$4\r\nAUTH\r\n$12\r\npässwörd\r\n\r\n')
})
