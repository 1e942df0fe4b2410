import type { Millis } from '../../base/units.ts'

/** How one kind of delivery is accounted for. */
export interface DeliverySettings {
  /** Whether the sender of a message should get it too. */
  readonly toSender: boolean
  /**
   * A message that was under way within this long of its receiver's joining or leaving may or may not have been meant
   * for it: `uncertain` when it did not come. Sequence numbers, where known, decide instead, within this time before
   * the joining and after the leaving.
   */
  readonly grace: Millis
}

/**
 * What happened to one kind of message in one room since the last time it was asked: sums over workers and time are
 * exact. A single difference may be negative, when something learned later (a number, a refusal) corrects an earlier one.
 *
 * A message is owed at most once to a user, whatever number of memberships it had.
 */
export interface DeliveryCounts {
  readonly event: string
  /** `other` once there are too many rooms. */
  readonly room: string
  /** Messages, counted in the sender's worker. */
  readonly published: number
  /**
   * Deliveries that had to happen, and those of the uncertain that did. Known `grace` after the message was sent.
   * At the end, expected = received + lost.
   */
  readonly expected: number
  /** Of `expected`, those that came: each once. */
  readonly received: number
  /** Of `received`, those sent before the connection was made that the receiver had then: they came by resume. */
  readonly late: number
  /** Of `expected`, those that had not come when the ledger was settled. */
  readonly lost: number
  /** Copies after the first at one membership, whatever the first was counted as. */
  readonly duplicated: number
  /** Of `received`, those that came after one that the same sender sent later to the same room. */
  readonly outOfOrder: number
  /** Received by a user who had never been a member, or no longer was when it was sent. */
  readonly foreign: number
  /**
   * Did not come, and need not have: sent while its receiver was joining, or within the grace before it left, or never
   * confirmed.
   */
  readonly uncertain: number
  /**
   * Received, but published by nobody in this run, refused by the server, sent before its receiver came (history), or
   * sent back to its sender against `toSender`. Of an unknown key every copy counts.
   */
  readonly unexpected: number
  /** Messages settled before the run's end because memory for open ones was full, although receipts were missing. */
  readonly settledEarly: number
}

/** One message, told to the other workers. */
export interface Publication {
  readonly event: string
  readonly room: string
  readonly key: string
  /** A sender's messages are told in the order in which they were sent. */
  readonly sender: number
  /** Latency counts from here. */
  readonly scheduledAt: Millis
  readonly sentAt: Millis
}

/** `refused`: the server said no, nobody should get it; `unknown`: its confirmation never came. */
export type Fate = 'confirmed' | 'refused' | 'unknown'

/** What became known of a message after it was sent. */
export interface PublicationUpdate {
  readonly event: string
  readonly room: string
  readonly key: string
  /** The server's number of it within the room. */
  readonly seq: number | undefined
  /** Undefined when only its number was learned, from a receipt. */
  readonly fate: Fate | undefined
}

/** What one worker tells the others, some times a second. */
export interface LedgerNews {
  readonly worker: number
  readonly publications: readonly Publication[]
  readonly updates: readonly PublicationUpdate[]
  /** Everything that this worker published up to this instant has been told. */
  readonly through: Millis
}

/** Of messages settled since the last call, each once: the latency of the last of this worker's receivers. */
export interface LastReceipts {
  /** `event\nroom\nkey` of each. */
  readonly messages: readonly string[]
  /** -1 where no local user received it: so that whoever merges knows that nothing more will come. */
  readonly micros: readonly number[]
}

/**
 * One worker's account of who should have got what, and who did. All instants are of the clock that all threads share;
 * all calls of one user come in the order in which things happened to it.
 */
export interface DeliveryLedger {
  /** Not declared: 2 s of grace, and senders get their own messages. */
  declare(event: string, settings: DeliverySettings): void
  /** The user has asked to join: from here on it may get the room's messages. */
  joining(event: string, user: number, room: string, at: Millis): void
  /** The user is a member; `seq` is the room's number at that point, if the server tells. Joining again keeps the membership. */
  joined(event: string, user: number, room: string, at: Millis, seq: number | undefined): void
  /** The server said no: nobody becomes a member by it, and who was one already stays one. */
  refused(event: string, user: number, room: string, at: Millis): void
  leaving(event: string, user: number, room: string, at: Millis): void
  left(event: string, user: number, room: string, at: Millis, seq: number | undefined): void
  /** The user's part is over: it leaves every room of every event. */
  gone(user: number, at: Millis): void
  /** A connection was made that replaces one that broke: what was sent before `at` and comes after is late. */
  reconnected(user: number, at: Millis): void
  published(event: string, user: number, room: string, key: string, scheduledAt: Millis, sentAt: Millis): void
  settledAs(event: string, room: string, key: string, fate: Fate, seq: number | undefined): void
  received(event: string, user: number, room: string, key: string, at: Millis, seq: number | undefined): void
  /** News for the other workers: of use even when empty, because they wait for `through`. */
  takeNews(now: Millis): LedgerNews
  /** News of another worker. */
  hear(news: LedgerNews): void
  /** Decides what can be decided by now, and gives memory back: call it once a second. */
  tend(now: Millis): void
  /**
   * All workers have fallen silent and all their news was heard, twice: receipts that waited for the first round may tell
   * numbers in the second. Decides everything.
   */
  settle(now: Millis): void
  /** Counts since the last call; rooms without any are left out. */
  take(): { readonly counts: readonly DeliveryCounts[]; readonly last: LastReceipts }
  /** When the last message that this worker knows of was sent, by whichever worker's user; -Infinity before the first. */
  readonly lastPublishedAt: Millis
  /** For the docs and tests: open messages, and about how many bytes they hold. */
  readonly memory: { readonly openMessages: number; readonly memberships: number; readonly bytes: number }
}
