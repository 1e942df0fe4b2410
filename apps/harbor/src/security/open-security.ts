import type { Services } from '../part.ts'
import { clientAddresses } from './client-address.ts'
import type { Security } from './security.ts'

export function openSecurity({ environment, log }: Omit<Services, 'security' | 'sessions'>): Security {
  const addresses = clientAddresses(environment.security.trustedProxies)
  return {
    admit: async () => undefined,
    addressOf: addresses.of,
    isTrustedProxy: addresses.isTrusted,
    record: (event) => log.info({ event }, 'security event'),
    logins: { admit: async () => undefined, failed: async () => undefined, succeeded: async () => undefined },
  }
}
