import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Cookies } from './cookies.ts'

const url = 'http://127.0.0.1:3000/rooms/1'

beforeEach(() => vi.useFakeTimers({ now: 1_700_000_000_000 }))
afterEach(() => vi.useRealTimers())

describe('the cookies of a user', () => {
  it('go to the paths that they are for, over what they are for', () => {
    const cookies = new Cookies()
    expect(cookies.headerFor(url)).toBe('')
    cookies.store(
      ['sid=1; Path=/', 'room=2; Path=/rooms', 'admin=3; Path=/admin', 'tls=4; Path=/; Secure'],
      'http://example.com/',
    )
    expect(cookies.headerFor('http://example.com/rooms/1')).toBe('room=2; sid=1')
    expect(cookies.headerFor('http://example.org/rooms/1')).toBe('')
  })

  it('are replaced and taken back by the server, at once for a URL that was asked before', () => {
    const cookies = new Cookies()
    cookies.store(['sid=1; Path=/'], url)
    expect(cookies.headerFor(url)).toBe('sid=1')
    cookies.store(['sid=2; Path=/'], url)
    expect(cookies.headerFor(url)).toBe('sid=2')
    cookies.store(['sid=; Path=/; Max-Age=0'], url)
    expect(cookies.headerFor(url)).toBe('')
  })

  it('expire though they are in use', () => {
    const cookies = new Cookies()
    cookies.store(['sid=1; Path=/; Max-Age=60', 'kept=2; Path=/'], url)
    vi.advanceTimersByTime(59_000)
    expect(cookies.headerFor(url)).toBe('sid=1; kept=2')
    vi.advanceTimersByTime(2000)
    expect(cookies.headerFor(url)).toBe('kept=2')
  })

  it('that no server may set, or that are none, are passed over', () => {
    const cookies = new Cookies()
    cookies.store(['', '=', 'a=1; Domain=example.org', 'ok=1'], url)
    expect(cookies.headerFor(url)).toBe('ok=1')
  })

  it('may have an age beyond all dates', () => {
    const cookies = new Cookies()
    cookies.store([`sid=1; Path=/; Max-Age=${'9'.repeat(20)}`], url)
    expect(cookies.headerFor(url)).toBe('sid=1')
  })
})
