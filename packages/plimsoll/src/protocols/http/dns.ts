import { lookup } from 'node:dns'
import { isIP } from 'node:net'
import type { Clock } from '../../base/clock.ts'
import { seconds } from '../../base/units.ts'
import { TransportError } from './exchange.ts'

export interface Address {
  readonly address: string
  readonly family: 4 | 6
}

/** What browsers and the system's own caches keep an answer for, give or take. */
const LIFETIME = seconds(30)
const MAX_NAMES = 1024

type Settle = (addresses: readonly Address[] | undefined, error: TransportError | undefined) => void

/** Names to addresses, asked of the system once in 30 s and once for all who wait. */
export class DnsCache {
  readonly #clock: Clock
  readonly #known = new Map<string, { readonly addresses: Address[]; readonly until: number }>()
  readonly #asking = new Map<string, Settle[]>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Calls back with at least one address, at once when it is known; literal addresses always are. */
  resolve(hostname: string, settle: Settle): void {
    const family = isIP(hostname)
    if (family === 4 || family === 6) {
      settle([{ address: hostname, family }], undefined)
      return
    }
    const known = this.#known.get(hostname)
    if (known !== undefined && known.until > this.#clock.now()) {
      settle(known.addresses, undefined)
      return
    }
    const asking = this.#asking.get(hostname)
    if (asking !== undefined) asking.push(settle)
    else this.#ask(hostname, settle)
  }

  /** The address that took a connection is tried first from now on. */
  prefer(hostname: string, address: Address): void {
    const addresses = this.#known.get(hostname)?.addresses
    const index = addresses?.indexOf(address) ?? -1
    if (addresses !== undefined && index > 0) addresses.unshift(...addresses.splice(index, 1))
  }

  #ask(hostname: string, first: Settle): void {
    const waiting = [first]
    this.#asking.set(hostname, waiting)
    lookup(hostname, { all: true }, (error, found) => {
      this.#asking.delete(hostname)
      if (error !== null || found.length === 0) {
        const reason = error?.message ?? 'no address'
        const failure = new TransportError('DNS_FAILED', `${hostname} has no address: ${reason}`, error ?? undefined)
        for (const settle of waiting) settle(undefined, failure)
        return
      }
      const addresses = found.map(({ address, family }): Address => ({ address, family: family === 6 ? 6 : 4 }))
      if (this.#known.size >= MAX_NAMES) this.#known.clear()
      this.#known.set(hostname, { addresses, until: this.#clock.now() + LIFETIME })
      for (const settle of waiting) settle(addresses, undefined)
    })
  }
}
