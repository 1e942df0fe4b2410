import { describe, expect, it, test } from 'vitest'
import { millis } from '../../base/units.ts'
import { Targets, withParams } from './target.ts'
import type { ClientSettings } from './types.ts'

const settings: ClientSettings = {
  version: 1,
  timeout: { connect: millis(1), firstByte: millis(1), total: millis(1) },
  headers: { 'X-Common': 'c' },
  redirects: 10,
  connections: 6,
  keepAlive: true,
  decompress: true,
  maxBody: 1,
  maxHeaders: 1,
  cookies: true,
  tls: {
    ca: undefined,
    cert: undefined,
    key: undefined,
    passphrase: undefined,
    servername: undefined,
    rejectUnauthorized: true,
  },
  socketPath: undefined,
}
const targets = new Targets(settings, 'http://127.0.0.1:3000/base/', (host) => host === '127.0.0.1')

describe('a target', () => {
  it('has the whole head ready', () => {
    const { head } = targets.find('GET', '/x?a=b')
    expect(head).toBe(
      'GET /x?a=b HTTP/1.1\r\nhost: 127.0.0.1:3000\r\nuser-agent: plimsoll\r\naccept: */*\r\nx-common: c\r\n\r\n',
    )
    expect(targets.find('POST', '/x').head).toContain('\r\ncontent-length: 0\r\n\r\n')
  })

  it('is made once', () => {
    expect(targets.find('GET', '/once')).toBe(targets.find('GET', '/once'))
    expect(targets.find('GET', '/once')).not.toBe(targets.find('PUT', '/once'))
  })

  it.each([
    ['relative', 'http://127.0.0.1:3000/base/relative'],
    ['/a/../b', 'http://127.0.0.1:3000/b'],
    ['/spaced out', 'http://127.0.0.1:3000/spaced%20out'],
    ['/ü', 'http://127.0.0.1:3000/%C3%BC'],
    ['/x#fragment', 'http://127.0.0.1:3000/x'],
    ['//other:81/x', 'http://other:81/x'],
    ['https://other/', 'https://other/'],
    ['https://other:443', 'https://other/'],
    ['http://[::1]:8080/', 'http://[::1]:8080/'],
    ['http://u:p@other/x', 'http://other/x'],
  ])('%s is %s', (text, url) => {
    expect(targets.find('GET', text).url).toBe(url)
  })

  it('knows its origin', () => {
    expect(targets.find('GET', '/').origin).toMatchObject({ hostname: '127.0.0.1', port: 3000, allowed: true })
    expect(targets.find('GET', 'https://[::1]/').origin).toMatchObject({ hostname: '::1', port: 443, allowed: false })
    expect(targets.find('GET', '/a').origin).toBe(targets.find('PUT', '/b').origin)
  })

  it.each([
    ['GET', 'ftp://x/'],
    ['GET', 'http://'],
    ['GET ', '/'],
    ['', '/'],
    ['GET /\r\nX:', '/'],
    ['CONNECT', '/'],
  ])('%j %j cannot be made', (method, url) => {
    expect(() => targets.find(method, url)).toThrow(expect.objectContaining({ code: 'BAD_REQUEST' }))
  })

  it('does not remember without end', () => {
    const first = targets.find('GET', '/first')
    for (let i = 0; i < 5000; i++) targets.find('GET', `/items/${i}`)
    expect(targets.find('GET', '/first')).not.toBe(first)
    expect(targets.find('GET', '/first')).toEqual(first)
  })
})

describe('parameters', () => {
  it.each([
    ['/x', { a: 1 }, '/x?a=1'],
    ['/x?b=2', { a: 'ä &' }, '/x?b=2&a=%C3%A4+%26'],
    ['/x#f', { a: true }, '/x?a=true'],
    ['/x', { a: undefined, b: null }, '/x'],
  ])('%s with %j is %s', (url, params, expected) => {
    expect(withParams(url, params)).toBe(expected)
  })
})

test('a URL whose user or password has a percent sign could not be asked for', () => {
  const { authorization } = targets.find('GET', 'http://50%:p%40ss@127.0.0.1:3000/')
  expect(Buffer.from(authorization?.slice('Basic '.length) ?? '', 'base64').toString()).toBe('50%:p@ss')
})
