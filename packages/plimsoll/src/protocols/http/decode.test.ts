import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeBody, readCodings } from './decode.ts'

const most = 1_000_000
const encoders = {
  gzip: gzipSync,
  'x-gzip': gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
} as const
type Coding = keyof typeof encoders

function code(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return (error as { code?: unknown }).code
  }
  return undefined
}

describe('content codings', () => {
  it('are undone in the order opposite to the one in which they were put on', () => {
    const codings = fc.array(fc.constantFrom(...(Object.keys(encoders) as Coding[])), { maxLength: 4 })
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 500 }), codings, (bytes, names) => {
        const encoded = names.reduce((body, name) => encoders[name](body), Buffer.from(bytes))
        expect(decodeBody(encoded, names.join(', ').toUpperCase(), most)).toEqual(Buffer.from(bytes))
      }),
    )
  })

  it('are of either kind that is called deflate', () => {
    expect(decodeBody(deflateRawSync('bare'), 'deflate', most).toString()).toBe('bare')
  })

  it('that nobody registered leave the body as it came', () => {
    expect(readCodings('gzip, rot13')).toEqual([])
    expect(readCodings('identity, , gzip')).toEqual(['gzip'])
    expect(decodeBody(Buffer.from('as it came'), 'rot13', most).toString()).toBe('as it came')
  })

  it('are none on a body of nothing', () => {
    expect(decodeBody(Buffer.alloc(0), 'gzip', most)).toHaveLength(0)
  })
})

describe('a hostile body', () => {
  it.each(['gzip', 'deflate', 'br'] as const)('of %s is not let grow beyond the limit', (coding) => {
    const bomb = encoders[coding](Buffer.alloc(most + 1))
    expect(bomb.length).toBeLessThan(most / 100)
    expect(code(() => decodeBody(bomb, coding, most))).toBe('BODY_TOO_LARGE')
    expect(decodeBody(encoders[coding](Buffer.alloc(most)), coding, most)).toHaveLength(most)
  })

  it('is not unwrapped more often than anybody wraps', () => {
    expect(code(() => readCodings(Array(5).fill('gzip').join(',')))).toBe('MALFORMED_ENCODING')
  })

  it('that is broken or torn costs the exchange, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 200 }),
        fc.constantFrom('gzip', 'deflate', 'br'),
        (bytes, coding) => {
          expect([undefined, 'MALFORMED_ENCODING', 'BODY_TOO_LARGE']).toContain(
            code(() => decodeBody(Buffer.from(bytes), coding, most)),
          )
        },
      ),
    )
    const whole = gzipSync('x'.repeat(100))
    expect(code(() => decodeBody(whole.subarray(0, -9), 'gzip', most))).toBe('MALFORMED_ENCODING')
  })
})
