import type { OnReadOpts } from 'node:net'
import { type Clock, systemClock } from '../../base/clock.ts'
import { type Millis, millis, seconds } from '../../base/units.ts'
import { AnswerQueue } from './answer-queue.ts'
import { Deadlines, type Expiring } from './deadlines.ts'
import { DnsCache } from './dns.ts'
import { Slot } from './slot.ts'
import { Targets } from './target.ts'
import { TlsContexts } from './tls.ts'
import type { ClientSettings } from './types.ts'

export interface SharedOptions {
  /** Asked once for each host name, the first one's and that of every redirect. */
  readonly allowHost: (hostname: string) => boolean
  readonly clock?: Clock
}

/** What one read may bring in. All connections of a thread read into the same buffer: they are read one by one. */
const READ_BUFFER = 64 * 1024

/** What the clients of one thread have in common, so that ten thousand of them stay small. */
export class ClientShared {
  /** Connections that stand now. */
  openConnections = 0
  /** Exchanges under way now, those that wait for a connection included. */
  inFlight = 0
  /** Exchanges sent again because their kept-alive connection turned out to be closed; never more than once each. */
  resent = 0
  /** Idle connections given up because the server sent something that nobody had asked for. */
  strayData = 0
  readonly dns: DnsCache
  readonly tls = new TlsContexts()
  readonly answers = new AnswerQueue()
  /** Of whatever is under way. */
  readonly deadlines: Deadlines
  /** Of connections that stand and have nothing to do: many, and late by up to a second. */
  readonly heartbeats: Deadlines
  readonly #clock: Clock
  readonly #allowHost: (hostname: string) => boolean
  readonly #targets = new WeakMap<ClientSettings, Map<string, Targets>>()
  readonly #slots: Slot[] = []
  #readBuffer: Buffer | undefined
  #area = 0
  #areaSince: Millis

  constructor({ allowHost, clock = systemClock }: SharedOptions) {
    this.#allowHost = allowHost
    this.#clock = clock
    this.deadlines = new Deadlines(clock)
    this.heartbeats = new Deadlines(clock, seconds(1))
    this.dns = new DnsCache(clock)
    this.#areaSince = clock.now()
  }

  now(): Millis {
    return this.#clock.now()
  }

  /** Request-milliseconds under way since the last call. */
  inFlightArea(): number {
    this.#accumulate(this.now())
    const area = this.#area
    this.#area = 0
    return area
  }

  close(): void {
    this.deadlines.close()
    this.heartbeats.close()
  }

  /** @throws {TransportError} BAD_REQUEST when the settings hold headers that cannot be sent */
  targets(settings: ClientSettings, baseUrl: string): Targets {
    let byBase = this.#targets.get(settings)
    if (byBase === undefined) {
      byBase = new Map()
      this.#targets.set(settings, byBase)
    }
    let targets = byBase.get(baseUrl)
    if (targets === undefined) {
      targets = new Targets(settings, baseUrl, this.#allowHost)
      byBase.set(baseUrl, targets)
    }
    return targets
  }

  enter(item: Expiring, now: Millis): void {
    this.#accumulate(now)
    this.inFlight++
    this.deadlines.add(item)
  }

  leave(item: Expiring, now: Millis): void {
    this.#accumulate(now)
    this.inFlight--
    this.deadlines.remove(item)
  }

  takeSlot(): Slot {
    return this.#slots.pop() ?? new Slot()
  }

  returnSlot(slot: Slot): void {
    this.#slots.push(slot)
  }

  /** Socket options that make `receive` get every read's octets, in the shared buffer, before the next read. */
  onread(receive: (count: number, bytes: Uint8Array) => boolean): OnReadOpts {
    this.#readBuffer ??= Buffer.allocUnsafeSlow(READ_BUFFER)
    return { buffer: this.#readBuffer, callback: receive }
  }

  #accumulate(now: Millis): void {
    this.#area += this.inFlight * (now - this.#areaSince)
    this.#areaSince = millis(now)
  }
}
