import { TransportError, type TransportErrorCode } from './exchange.ts'

const byCode: Readonly<Record<string, TransportErrorCode>> = {
  ENOTFOUND: 'DNS_FAILED',
  EAI_AGAIN: 'DNS_FAILED',
  EAI_FAIL: 'DNS_FAILED',
  EAI_NODATA: 'DNS_FAILED',
  ECONNREFUSED: 'CONNECT_REFUSED',
  EHOSTUNREACH: 'CONNECT_UNREACHABLE',
  EHOSTDOWN: 'CONNECT_UNREACHABLE',
  ENETUNREACH: 'CONNECT_UNREACHABLE',
  ENETDOWN: 'CONNECT_UNREACHABLE',
  ETIMEDOUT: 'TIMEOUT_CONNECT',
  EADDRNOTAVAIL: 'NO_LOCAL_PORT',
  EADDRINUSE: 'NO_LOCAL_PORT',
  EMFILE: 'NO_FILE_DESCRIPTOR',
  ENFILE: 'NO_FILE_DESCRIPTOR',
  ECONNRESET: 'CONNECTION_RESET',
  EPIPE: 'CONNECTION_RESET',
  ECONNABORTED: 'CONNECTION_RESET',
}

/** OpenSSL's verdicts on a certificate, as Node names them (`X509_V_ERR_…`), and Node's own on the host's name. */
const untrusted =
  /^(ERR_TLS_CERT_ALTNAME_INVALID|.*CERT.*|UNABLE_TO_.*|SELF_SIGNED.*|DEPTH_ZERO.*|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH|CRL_.*)$/

/** What Node reported while a connection was made. `stage` is what was under way. */
export function connectFailure(error: unknown, stage: 'tcp' | 'tls'): TransportError {
  if (error instanceof TransportError) return error
  const { code = '', message } = error as NodeJS.ErrnoException
  if (stage === 'tls' && !(code in byCode && byCode[code]?.startsWith('NO_'))) {
    const family = isUntrusted(code) ? 'TLS_UNTRUSTED' : 'TLS_FAILED'
    return new TransportError(family, family === 'TLS_UNTRUSTED' ? `${message} (${code})` : message, error)
  }
  const family = byCode[code] ?? 'CONNECT_FAILED'
  return new TransportError(family === 'CONNECTION_RESET' ? 'CONNECT_FAILED' : family, message, error)
}

/** What Node reported while an exchange was under way. */
export function exchangeFailure(error: unknown): TransportError {
  if (error instanceof TransportError) return error
  const { code = '', message } = error as NodeJS.ErrnoException
  if (code.startsWith('ERR_SSL_') || code === 'EPROTO') return new TransportError('TLS_FAILED', message, error)
  if (code.startsWith('ERR_HTTP2_')) return new TransportError('STREAM_RESET', message, error)
  return new TransportError(
    code === 'ETIMEDOUT' ? 'CONNECTION_RESET' : (byCode[code] ?? 'CONNECTION_RESET'),
    message,
    error,
  )
}

/** A peer's alert about *our* certificate (`ERR_SSL_…_CERTIFICATE_REQUIRED`) is a failed handshake, not distrust of theirs. */
const isUntrusted = (code: string) => !code.startsWith('ERR_SSL_') && untrusted.test(code)
