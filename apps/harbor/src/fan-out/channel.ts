import { Outlet, type Receiver } from './outlet.ts'
import type { Outgoing } from './prepared.ts'
import type { Told } from './recent.ts'
import { type Entry, Sequencer } from './sequencer.ts'
import { Signals } from './signals.ts'

/** Where a channel's entries are kept for good. */
export interface Log {
  /** The number of the newest entry. */
  head(id: string): Promise<number>
  heads(ids: readonly string[]): Promise<ReadonlyMap<string, number>>
  /** Entries after `seq`, in order, without a hole. */
  read(id: string, after: number, limit: number): Promise<readonly Entry[]>
  /** Of channels that have members, for hints of who left may be lost; undefined where anyone may come. */
  readonly membership?: Membership
}

export interface Membership {
  /** Changes with who is a member, of each channel. */
  versions(ids: readonly string[]): Promise<ReadonlyMap<string, number>>
  /** Which of the users are members. */
  remaining(id: string, userIds: readonly string[]): Promise<ReadonlySet<string>>
}

interface Options {
  readonly id: string
  readonly log: Log
  readonly event: string
  readonly batchEvent: string | undefined
  /** Called with the oldest entry that was just written to all receivers. */
  readonly written: (oldest: Entry) => void
  readonly failed: (error: unknown) => void
}

/** How long a hole may stay before it is filled from Postgres, in milliseconds. */
const patience = 25
const pageSize = 500
/** In UTF-16 code units: what is told at once to someone who comes back. */
const pageText = 1024 * 1024

/** How many of the first entries fit into a page, at least one. */
function fitting(entries: readonly Told[]): number {
  let text = 0
  const end = entries.findIndex(({ json }, index) => index === pageSize || (text += json.length) > pageText)
  return end === -1 ? entries.length : Math.max(1, end)
}

/** One room or document while someone on this instance is in it. */
export class Channel {
  readonly id: string
  readonly #log: Log
  readonly #failed: (error: unknown) => void
  readonly #sequencer: Sequencer
  readonly #outlet: Outlet
  readonly #signals: Signals
  #healing: Promise<void> | undefined
  #patience: NodeJS.Timeout | undefined
  #oldestUnwritten: Entry | undefined
  /** Of the members that its receivers were last compared to. */
  #membersVersion: number | undefined
  /** Since when nobody is in it, in milliseconds since 1970. */
  idleSince = Date.now()

  constructor({ id, log, event, batchEvent, written, failed }: Options) {
    this.id = id
    this.#log = log
    this.#failed = failed
    this.#sequencer = new Sequencer((entry) => {
      this.#oldestUnwritten ??= entry
      this.#outlet.push({ event, json: entry.json })
    })
    this.#outlet = new Outlet(event, batchEvent, () => {
      if (this.#oldestUnwritten && this.#outlet.receivers.size > 0) written(this.#oldestUnwritten)
      this.#oldestUnwritten = undefined
    })
    this.#signals = new Signals(
      (outgoing) => this.#outlet.push(outgoing),
      () => this.#outlet.receivers.size,
    )
  }

  get last(): number {
    return this.#sequencer.last
  }

  get receivers(): Iterable<Receiver> {
    return this.#outlet.receivers
  }

  get isEmpty(): boolean {
    return this.#outlet.receivers.size === 0
  }

  /** To be called when hints of new entries arrive already, so that none falls between. */
  async start(): Promise<void> {
    this.#sequencer.start(await this.#log.head(this.id))
  }

  offer(entries: readonly Entry[]): void {
    for (const entry of entries) this.#sequencer.offer(entry)
    if (this.#sequencer.hasHole) this.#patience ??= setTimeout(this.#fillHole, patience)
  }

  signal(key: string, outgoing: Outgoing): void {
    this.#signals.push(key, outgoing)
  }

  /** Reads what is missing up to `head`. */
  async heal(head: number): Promise<void> {
    if (head <= this.last) return
    this.#healing ??= this.#read().finally(() => {
      this.#healing = undefined
    })
    await this.#healing
  }

  /**
   * Adds a receiver, who is told by `welcome`, in the same turn, what it missed: entries after `after`, and whether there
   * are more of them. Everything after `last` follows as events.
   * @param membersVersion of the members that the receiver was found among
   */
  async join(
    receiver: Receiver,
    after: number | undefined,
    welcome: (last: number, missed: readonly Told[], more: boolean) => void,
    membersVersion = Number.POSITIVE_INFINITY,
  ): Promise<void> {
    this.idleSince = Date.now()
    // Someone who was elsewhere may have seen more than came here so far.
    if (after !== undefined) await this.heal(after)
    const missed: Told[] = []
    let from = Math.min(after ?? this.last, this.last)
    let recent = this.#sequencer.since(from)
    if (recent === undefined) {
      const stored = await this.#log.read(this.id, from, pageSize)
      missed.push(...stored)
      from = missed.at(-1)?.seq ?? from
      // Postgres may be ahead of the hints: what is told now must not follow as an event again.
      this.offer(stored)
      // What came while that was read.
      recent = this.#sequencer.since(from)
    }
    missed.push(...(recent ?? []))
    const page = missed.slice(0, fitting(missed))
    // Those who are in it already get what waits; the new one has it among what it missed.
    this.#outlet.flush()
    this.#outlet.receivers.add(receiver)
    if (membersVersion < (this.#membersVersion ?? 0)) this.#membersVersion = undefined
    welcome(this.last, page, page.length < missed.length || (page.at(-1)?.seq ?? from) < this.last)
  }

  leave(receiver: Receiver): void {
    this.#outlet.receivers.delete(receiver)
    if (this.isEmpty) this.idleSince = Date.now()
  }

  /** Everything of a user leaves, wherever it is connected. */
  dismiss(userId: string): void {
    for (const receiver of this.#outlet.receivers) if (receiver.userId === userId) this.leave(receiver)
  }

  /** Dismisses who left without its being heard of here. */
  async checkMembers(version: number, membership: Membership): Promise<void> {
    if (version === this.#membersVersion || this.isEmpty) return
    const users = new Set(Array.from(this.#outlet.receivers, ({ userId }) => userId))
    // Before it is asked: whoever joins meanwhile by what was true before makes it be compared again.
    this.#membersVersion = version
    try {
      const remaining = await membership.remaining(this.id, [...users])
      for (const userId of users) if (!remaining.has(userId)) this.dismiss(userId)
    } catch (error) {
      this.#membersVersion = undefined
      throw error
    }
  }

  close(): void {
    clearTimeout(this.#patience)
  }

  async #read(): Promise<void> {
    for (;;) {
      const page = await this.#log.read(this.id, this.last, pageSize)
      this.offer(page)
      if (page.length < pageSize) return
    }
  }

  readonly #fillHole = (): void => {
    this.#patience = undefined
    if (!this.#sequencer.hasHole) return
    this.heal(Number.POSITIVE_INFINITY).catch(this.#failed)
  }
}
