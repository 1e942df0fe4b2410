import { isIP } from 'node:net'
import { type ConnectionOptions, createSecureContext, type SecureContext } from 'node:tls'
import { TransportError } from './exchange.ts'
import type { Origin } from './target.ts'
import type { ClientSettings } from './types.ts'

type TlsSettings = ClientSettings['tls']

/** Certificates and keys are parsed once for all users: a context costs a megabyte with the system's authorities. */
export class TlsContexts {
  readonly #contexts = new WeakMap<TlsSettings, SecureContext>()

  /** @throws {TransportError} TLS_FAILED for a certificate or key that OpenSSL cannot read */
  of(settings: TlsSettings): SecureContext {
    let context = this.#contexts.get(settings)
    if (context === undefined) {
      const { ca, cert, key, passphrase } = settings
      try {
        context = createSecureContext({ ca, cert, key, passphrase })
      } catch (error) {
        throw new TransportError(
          'TLS_FAILED',
          `the plan's certificate or key is no good: ${(error as Error).message}`,
          error,
        )
      }
      this.#contexts.set(settings, context)
    }
    return context
  }
}

/** The TLS part of a connection's options. A literal address has no server name (RFC 6066 §3). */
export function tlsOptions(
  origin: Origin,
  settings: TlsSettings,
  secureContext: SecureContext,
  protocols: readonly string[],
  session: Buffer | undefined,
): ConnectionOptions {
  const servername = settings.servername ?? (isIP(origin.hostname) === 0 ? origin.hostname : undefined)
  return {
    secureContext,
    rejectUnauthorized: settings.rejectUnauthorized,
    ALPNProtocols: [...protocols],
    ...(servername === undefined ? {} : { servername }),
    ...(session === undefined ? {} : { session }),
  }
}
