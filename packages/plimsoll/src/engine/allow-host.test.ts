import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allowHost, isLoopback } from './allow-host.ts'

describe('only loopback', () => {
  it.each(['localhost', 'LOCALHOST', 'api.localhost', '127.0.0.1', '127.255.3.4', '::1', '[::1]', '::ffff:127.0.0.1'])(
    'is %s',
    (host) => expect(isLoopback(host)).toBe(true),
  )

  it.each([
    'example.com',
    '127.0.0.1.example.com',
    'localhost.example.com',
    'notlocalhost',
    '128.0.0.1',
    '1127.0.0.1',
    '127.0.0.1234',
    '0.0.0.0',
    '10.0.0.1',
    '::2',
    '::ffff:10.0.0.1',
    '',
  ])('is not %s', (host) => expect(isLoopback(host)).toBe(false))

  it('may be sent anything when the plan names no host', () => {
    const allows = allowHost([])
    expect(allows('127.0.0.1')).toBe(true)
    fc.assert(fc.property(fc.domain(), (host) => allows(host) === isLoopback(host)))
    fc.assert(fc.property(fc.ipV4(), (host) => allows(host) === host.startsWith('127.')))
  })
})

describe('a host that the plan names', () => {
  it('is allowed by its whole name, however it is written', () => {
    const allows = allowHost(['Staging.example.com'])
    expect(allows('staging.EXAMPLE.com')).toBe(true)
    expect(allows('example.com')).toBe(false)
    expect(allows('a.staging.example.com')).toBe(false)
    expect(allows('staging.example.com.evil.org')).toBe(false)
  })

  it('with a star allows what is below, and neither itself nor what only ends alike', () => {
    const allows = allowHost(['*.example.com'])
    expect(allows('a.example.com')).toBe(true)
    expect(allows('a.b.example.com')).toBe(true)
    expect(allows('example.com')).toBe(false)
    expect(allows('badexample.com')).toBe(false)
    expect(allows('example.com.evil.org')).toBe(false)
  })
})
