import { describe, expect, it } from 'vitest'
import { TransportError } from './exchange.ts'
import { connectFailure, exchangeFailure } from './failure.ts'

const failed = (code: string) => Object.assign(new Error(`failed with ${code}`), { code })

describe('what Node reports has a code of ours', () => {
  it.each([
    ['ECONNREFUSED', 'CONNECT_REFUSED'],
    ['ENETUNREACH', 'CONNECT_UNREACHABLE'],
    ['EHOSTUNREACH', 'CONNECT_UNREACHABLE'],
    ['EADDRNOTAVAIL', 'NO_LOCAL_PORT'],
    ['EMFILE', 'NO_FILE_DESCRIPTOR'],
    ['ETIMEDOUT', 'TIMEOUT_CONNECT'],
    ['ECONNRESET', 'CONNECT_FAILED'],
    ['ENOENT', 'CONNECT_FAILED'],
    ['', 'CONNECT_FAILED'],
  ])('%s while connecting: %s', (code, expected) => {
    expect(connectFailure(failed(code), 'tcp').code).toBe(expected)
  })

  it.each([
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'TLS_UNTRUSTED'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'TLS_UNTRUSTED'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'TLS_UNTRUSTED'],
    ['CERT_HAS_EXPIRED', 'TLS_UNTRUSTED'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'TLS_UNTRUSTED'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'TLS_FAILED'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'TLS_FAILED'],
    ['ECONNRESET', 'TLS_FAILED'],
    ['EMFILE', 'NO_FILE_DESCRIPTOR'],
  ])('%s while shaking hands: %s', (code, expected) => {
    expect(connectFailure(failed(code), 'tls').code).toBe(expected)
  })

  it.each([
    ['ECONNRESET', 'CONNECTION_RESET'],
    ['EPIPE', 'CONNECTION_RESET'],
    ['ETIMEDOUT', 'CONNECTION_RESET'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'TLS_FAILED'],
    ['ERR_HTTP2_STREAM_ERROR', 'STREAM_RESET'],
    ['', 'CONNECTION_RESET'],
  ])('%s during an exchange: %s', (code, expected) => {
    expect(exchangeFailure(failed(code)).code).toBe(expected)
  })

  it('and keeps what has one already', () => {
    const ours = new TransportError('BODY_TOO_LARGE', 'too large')
    expect(exchangeFailure(ours)).toBe(ours)
    expect(connectFailure(ours, 'tls')).toBe(ours)
  })
})
