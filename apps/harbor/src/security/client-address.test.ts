import type { IncomingMessage } from 'node:http'
import { expect, it } from 'vitest'
import { clientAddresses, networkOf } from './client-address.ts'

const request = (remoteAddress: string, forwarded?: string) =>
  ({
    socket: { remoteAddress },
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  }) as unknown as IncomingMessage

it('is the peer, unless that is a proxy that is trusted', () => {
  const none = clientAddresses([])
  expect(none.of(request('10.0.0.1', '1.2.3.4'))).toBe('10.0.0.1')
  expect(none.of(request('::ffff:10.0.0.1'))).toBe('10.0.0.1')
  const some = clientAddresses(['10.0.0.0/8', '::1', '2001:db8::/32'])
  expect(some.of(request('192.168.0.1', '1.2.3.4'))).toBe('192.168.0.1')
  expect(some.of(request('10.0.0.1', '1.2.3.4'))).toBe('1.2.3.4')
  expect(some.of(request('::ffff:10.0.0.1', '1.2.3.4'))).toBe('1.2.3.4')
  expect(some.of(request('2001:db8::7', '1.2.3.4'))).toBe('1.2.3.4')
  expect(some.of(request('::1'))).toBe('::1')
})

it('is what the nearest trusted proxy saw, whatever was written before', () => {
  const { of } = clientAddresses(['10.0.0.0/8'])
  expect(of(request('10.0.0.1', '9.9.9.9, 1.2.3.4'))).toBe('1.2.3.4')
  expect(of(request('10.0.0.1', '9.9.9.9, 1.2.3.4, 10.0.0.2'))).toBe('1.2.3.4')
  expect(of(request('10.0.0.1', '9.9.9.9, nonsense'))).toBe('10.0.0.1')
  expect(of(request('10.0.0.1', ''))).toBe('10.0.0.1')
})

it('counts an IPv6 network as one', () => {
  expect(networkOf('1.2.3.4')).toBe('1.2.3.4')
  expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64')
  expect(networkOf('2001:db8:1:2::9')).toBe('2001:db8:1:2::/64')
  expect(networkOf('2001:db8::9')).toBe('2001:db8:0:0::/64')
  expect(networkOf('::1')).toBe('0:0:0:0::/64')
  expect(networkOf('1::')).toBe('1:0:0:0::/64')
})
