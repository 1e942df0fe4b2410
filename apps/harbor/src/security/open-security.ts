import type { Alerts } from '../alerts/alerts.ts'
import { isUnavailable } from '../database/unavailable.ts'
import { pathOf } from '../http/errors.ts'
import { HttpError } from '../http/http-error.ts'
import type { Services } from '../part.ts'
import { Anomalies } from './anomalies.ts'
import { clientAddresses } from './client-address.ts'
import { EventLog } from './event-log.ts'
import { loginGuard } from './login-guard.ts'
import { rateLimiter } from './rate-limit.ts'
import { Reputation } from './reputation.ts'
import type { LoginGuard, Security } from './security.ts'
import { eventKinds, type SecurityEvent } from './security-event.ts'

/** What an address's score falls by. */
const cost = { failedLogin: 5, blockedLogin: 2, rateLimited: 5 }

interface Options extends Omit<Services, 'security' | 'sessions'> {
  readonly alerts: Alerts
}

export interface OwnSecurity extends Security {
  readonly events: EventLog
  start(): Promise<void>
}

/** Puts the layers of HARBOR_SECURITY together; one that is off is not there at all. */
export function openSecurity({ environment, database, redis, alerts, log }: Options): OwnSecurity {
  const { layers, rateLimit, trustedProxies } = environment.security
  const addresses = clientAddresses(trustedProxies)
  const events = new EventLog(database.pool, log)
  const failed = (error: unknown) => {
    if (!isUnavailable(error)) log.error({ err: error }, 'a security layer failed')
  }

  function record(event: SecurityEvent): void {
    const severity = eventKinds[event.kind]
    if (layers.has('log')) {
      events.add(event)
      log[severity === 'info' ? 'debug' : 'info']({ event, severity }, 'security event')
    }
    if (layers.has('alerts') && (severity === 'high' || severity === 'critical')) {
      const { kind, details, ...who } = event
      alerts.raise({ severity, title: kind.replaceAll('_', ' '), details: { ...who, ...details } })
    }
  }

  const reputation = layers.has('reputation')
    ? new Reputation({
        redis,
        onBan: (address, until) => record({ kind: 'address_banned', address, details: { until: until.toISOString() } }),
      })
    : undefined
  const lower = (address: string, by: number) => void reputation?.lower(address, by).catch(failed)

  const limits = layers.has('ratelimit')
    ? rateLimiter({
        redis,
        limits: rateLimit,
        onExceeded: (address, principal) => {
          record({ kind: 'rate_limited', address, userId: principal?.userId })
          lower(address, cost.rateLimited)
        },
      })
    : undefined
  const anomalies = layers.has('anomaly')
    ? new Anomalies({ store: redis.insured, limits: rateLimit, record, onError: failed })
    : undefined

  return {
    events,
    addressOf: addresses.of,
    isTrustedProxy: addresses.isTrusted,
    record,
    logins: withReputation(layers.has('ratelimit') ? loginGuard({ redis, record }) : open, lower),
    async admit(request, principal) {
      const path = pathOf(request.url ?? '/')
      if (isForOperators(path)) return
      const address = addresses.of(request)
      reputation?.admit(address)
      // Handshakes are not counted: after a restart everyone behind one address comes back at once.
      if (!path.startsWith('/api/')) return
      anomalies?.observe(address, request.headers, principal)
      await limits?.admit(address, principal)
    },
    start: async () => reputation?.start(),
  }
}

const open: LoginGuard = {
  admit: async () => undefined,
  failed: async () => undefined,
  succeeded: async () => undefined,
}

/** Failed sign-ins, and attempts while blocked, cost the address its reputation. */
function withReputation(guard: LoginGuard, lower: (address: string, by: number) => void): LoginGuard {
  return {
    async admit(attempt) {
      try {
        await guard.admit(attempt)
      } catch (error) {
        if (error instanceof HttpError) lower(attempt.address, cost.blockedLogin)
        throw error
      }
    },
    async failed(attempt) {
      lower(attempt.address, cost.failedLogin)
      await guard.failed(attempt)
    },
    succeeded: guard.succeeded,
  }
}

/** Balancers and monitors ask often, and from few addresses. */
const isForOperators = (path: string): boolean => path === '/metrics' || /^(?:\/api)?\/health(?:\/|$)/.test(path)
