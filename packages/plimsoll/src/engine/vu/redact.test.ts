import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { REMOVED, Redactor } from './redact.ts'

const redact = new Redactor(['s3cr3t-value'])

describe('Redactor', () => {
  it('removes the values of secret headers and keeps the others', () => {
    expect(
      redact.headers([
        ['Authorization', 'Bearer abc'],
        ['set-cookie', 'sid=1'],
        ['X-Api-Key', 'k'],
        ['content-type', 'application/json'],
      ]),
    ).toEqual([
      ['Authorization', REMOVED],
      ['set-cookie', REMOVED],
      ['X-Api-Key', REMOVED],
      ['content-type', 'application/json'],
    ])
  })

  it('removes user, password and secret parameters from a URL', () => {
    const url = redact.url('http://ann:pw@127.0.0.1:3000/a?token=abc&page=2')
    expect(url).not.toContain('pw')
    expect(url).not.toContain('abc')
    expect(url).toContain('page=2')
  })

  it('removes what the plan marked as secret wherever it appears', () => {
    expect(redact.body('{"note":"s3cr3t-value"}')).toBe(`{"note":"${REMOVED}"}`)
    expect(redact.url('http://127.0.0.1/s3cr3t-value')).toContain('/%5Bremoved%5D'.replace('%5Bremoved%5D', REMOVED))
  })

  it('never lets the value of a password through, however it is quoted or cut', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 6, maxLength: 2000 }), fc.nat(1100), (text, padding) => {
        const secret = `Zq7${text}`
        const body = JSON.stringify({ note: 'x'.repeat(padding), password: secret, more: 1 })
        expect(redact.body(body)).not.toContain('Zq7')
      }),
    )
  })

  it('redacts forms', () => {
    expect(redact.body('user=ann&password=hunter2')).toBe(`user=ann&password=${REMOVED}`)
  })

  it('names bytes that are not text', () => {
    expect(redact.body(new Uint8Array([1, 0, 2]))).toBe('[3 bytes]')
  })
})

test('a secret with characters that URLs, forms or JSON write otherwise was shown in examples', () => {
  const secret = 'p@ss w/o"rd+ä\'%'
  const redactor = new Redactor([secret])
  const asked = new URL('http://127.0.0.1/')
  asked.searchParams.set('q', secret)
  const shown = [
    redactor.url(`http://127.0.0.1/${encodeURIComponent(secret)}?page=2`),
    redactor.url(new URL(`http://127.0.0.1/?q=${encodeURIComponent(secret)}`).href),
    redactor.url(asked.href),
    redactor.url(encodeURI(`http://127.0.0.1/x/${secret}`)),
    redactor.body(JSON.stringify({ note: secret })),
    redactor.body(new URLSearchParams({ note: secret }).toString()),
    ...redactor.headers([['x-note', secret]]).map(([, value]) => value),
  ]
  for (const text of shown) expect(text).toContain(REMOVED)
})

test('what is secret is removed in every writing of it', () => {
  const words = fc.string({ minLength: 4, unit: 'grapheme' }).map((text) => `Zq7${text}Xw9`)
  fc.assert(
    fc.property(words, (secret) => {
      const redactor = new Redactor([secret])
      const texts = [
        redactor.body(JSON.stringify({ note: secret })),
        redactor.body(new URLSearchParams({ note: secret }).toString()),
        redactor.url(`http://127.0.0.1/${encodeURIComponent(secret)}`),
        redactor.url(`http://127.0.0.1/?note=${encodeURIComponent(secret)}`),
      ]
      for (const text of texts) expect(text).not.toMatch(/Zq7|Xw9/)
    }),
  )
})

test('the token in a URL that an error names was shown', () => {
  const error = 'redirected more than 10 times, at last by http://127.0.0.1:3000/in?token=Zq7&page=2'
  expect(redact.message(error)).toBe(
    `redirected more than 10 times, at last by http://127.0.0.1:3000/in?token=${encodeURIComponent(REMOVED)}&page=2`,
  )
  expect(redact.message('s3cr3t-value has no address')).toBe(`${REMOVED} has no address`)
})
