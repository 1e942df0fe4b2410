import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import { isUnavailable } from '../database/unavailable.ts'
import type { Redis } from '../redis/redis.ts'
import { Channel, type Log, type Membership } from './channel.ts'
import { readHint, writeDismissal, writeEntries, writeSignal } from './hint.ts'
import type { Receiver } from './outlet.ts'
import type { Outgoing } from './prepared.ts'
import type { Entry } from './sequencer.ts'

interface Options {
  /** What the channels are, for Redis and people: `room`. */
  readonly name: string
  /** The event of an entry, and the one that carries several to those who want that. */
  readonly event: string
  readonly batchEvent?: string
  readonly log: Log
  readonly redis: Redis
  /** Told how long the oldest entry of each writing took since it was accepted, in milliseconds. */
  readonly delivered?: (milliseconds: number) => void
  readonly logger: Logger
}

interface Open {
  readonly channel: Channel
  readonly unsubscribe: () => void
}

/** In milliseconds: how long a hint that was lost may go unnoticed. */
const pollEvery = 250
const pollWithoutRedis = 30
/** How long someone who left may still get what is said, if the hint of it was lost. */
const membersEvery = 1_000
/** How long a channel stays ready after the last one left. */
const idleTime = 30_000

/**
 * The channels in which someone on this instance is. Redis brings hints of what other instances wrote; Postgres is asked
 * again and again for what the hints may have lost.
 */
export class Channels {
  readonly #options: Options
  readonly #sender = randomUUID()
  readonly #open = new Map<string, Open>()
  readonly #opening = new Map<string, Promise<Open>>()
  #timer: NodeJS.Timeout | undefined
  /** When members are compared next, in milliseconds since 1970. */
  #membersDue = 0
  #isClosed = false

  constructor(options: Options) {
    this.#options = options
    this.#schedule()
  }

  async join(id: string, ...parameters: Parameters<Channel['join']>) {
    // One that is being opened gets entries already, but does not yet know which are new.
    const ready = this.#opening.has(id) ? undefined : this.#open.get(id)
    const { channel } = ready ?? (await this.#opened(id))
    await channel.join(...parameters)
  }

  leave(id: string, receiver: Receiver): void {
    this.#open.get(id)?.channel.leave(receiver)
  }

  /** Who is in it on this instance. */
  receivers(id: string): Iterable<Receiver> {
    return this.#open.get(id)?.channel.receivers ?? []
  }

  /** Tells all who are in it, on all instances, of entries that are committed. */
  publish(id: string, entries: readonly Entry[]): void {
    this.#open.get(id)?.channel.offer(entries)
    this.#hint(id, writeEntries(this.#sender, entries))
  }

  /** Tells them of something that may be lost, or replaced by something newer with the same key. */
  signal(id: string, key: string, outgoing: Outgoing): void {
    this.#open.get(id)?.channel.signal(key, outgoing)
    this.#hint(id, writeSignal(this.#sender, key, outgoing))
  }

  /** A user may no longer be in it. */
  dismiss(id: string, userId: string): void {
    this.#open.get(id)?.channel.dismiss(userId)
    this.#hint(id, writeDismissal(this.#sender, userId))
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
    for (const { channel, unsubscribe } of this.#open.values()) {
      channel.close()
      unsubscribe()
    }
    this.#open.clear()
  }

  #hint(id: string, text: string): void {
    const { name, redis } = this.#options
    redis.pubSub.publish(`harbor:${name}:${id}`, text).catch(() => undefined)
  }

  #opened(id: string): Promise<Open> {
    const opening =
      this.#opening.get(id) ??
      this.#openNow(id).finally(() => {
        this.#opening.delete(id)
      })
    this.#opening.set(id, opening)
    return opening
  }

  async #openNow(id: string): Promise<Open> {
    const { name, event, batchEvent, log, redis, delivered, logger } = this.#options
    const channel = new Channel({
      id,
      log,
      event,
      batchEvent,
      written: ({ at }) => delivered?.(Math.max(0, Date.now() - at)),
      failed: (error) => {
        if (!isUnavailable(error)) logger.error({ err: error, [name]: id }, 'what was missed could not be read')
      },
    })
    // Subscribed before Postgres is asked: what is written in between comes twice rather than never.
    const unsubscribe = await redis.pubSub.subscribe(`harbor:${name}:${id}`, (text) => {
      const hint = readHint(text, this.#sender)
      if (hint?.kind === 'entries') channel.offer(hint.entries)
      else if (hint?.kind === 'signal') channel.signal(hint.key, hint.outgoing)
      else if (hint) channel.dismiss(hint.userId)
    })
    const open = { channel, unsubscribe }
    this.#open.set(id, open)
    try {
      await channel.start()
    } catch (error) {
      this.#forget(open)
      throw error
    }
    return open
  }

  #forget({ channel, unsubscribe }: Open): void {
    this.#open.delete(channel.id)
    channel.close()
    unsubscribe()
  }

  #schedule(): void {
    if (this.#isClosed) return
    this.#timer = setTimeout(
      () => void this.#poll().finally(() => this.#schedule()),
      this.#options.redis.isReady() ? pollEvery : pollWithoutRedis,
    ).unref()
  }

  async #poll(): Promise<void> {
    const now = Date.now()
    for (const open of this.#open.values()) {
      const { channel } = open
      if (channel.isEmpty && now - channel.idleSince > idleTime) this.#forget(open)
    }
    if (this.#open.size === 0) return
    const { membership } = this.#options.log
    if (membership && now >= this.#membersDue) void this.#checkMembers(membership)
    try {
      const heads = await this.#options.log.heads([...this.#open.keys()])
      await Promise.all([...heads].map(([id, head]) => this.#open.get(id)?.channel.heal(head)))
    } catch (error) {
      if (!isUnavailable(error)) this.#options.logger.error({ err: error }, 'what was missed could not be read')
    }
  }

  /** Beside the poll, which is not to wait for it. */
  async #checkMembers(membership: Membership): Promise<void> {
    this.#membersDue = Number.POSITIVE_INFINITY
    try {
      const versions = await membership.versions([...this.#open.keys()])
      for (const [id, version] of versions) await this.#open.get(id)?.channel.checkMembers(version, membership)
    } catch (error) {
      if (!isUnavailable(error)) this.#options.logger.error({ err: error }, 'members could not be compared')
    }
    this.#membersDue = Date.now() + membersEvery
  }
}
