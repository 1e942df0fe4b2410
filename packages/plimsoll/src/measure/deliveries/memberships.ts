import type { Receiver } from './receivers.ts'

/** Sent before this membership began, as the receiver's history. */
export const BEFORE = 0
/** Sent after this membership ended; or there never was one. */
export const AFTER = 1
/** Sent shortly before this membership was asked for, or shortly after it ended: on its way it may have met it. */
export const POSSIBLE = 2
/** Sent while the membership was beginning or ending: it may have been meant for this receiver or not. */
export const UNSURE = 3
export const REQUIRED = 4
export type Claim = typeof BEFORE | typeof AFTER | typeof POSSIBLE | typeof UNSURE | typeof REQUIRED

/** What decides whether a message was meant for a member. */
export interface Sent {
  readonly sentAt: number
  /** NaN while not known. */
  readonly seq: number
}

const JOINING = 0
const JOINED = 1
const LEAVING = 2
const LEFT = 3
const JOIN_SEQ = 4
const LEAVE_SEQ = 5
/** The last receipt that no membership explains: its bits must not fall to the slot's next owner before that is forgotten. */
const STRAY = 6
const COLUMNS = 7

const NONE = -1
const FIRST_CAPACITY = 4
/** Eight numbers and two links; the map from users to slots takes about as much again. */
export const BYTES_OF_MEMBERSHIP = COLUMNS * 8 + 16 + 40

/**
 * Who was in one room, and when: a slot for each interval of each user, the latest of a user found by its id, earlier
 * ones by links. A user who received without ever having joined has a slot too, which claims nothing.
 * Takes `BYTES_OF_MEMBERSHIP` a slot; slots are used again once no known message can be about them.
 */
export class Memberships {
  /** Slots in use, and free ones in between. */
  size = 0
  /** Memberships that have not ended. */
  live = 0
  /** The end of the last that ended. */
  lastLeft = Number.NEGATIVE_INFINITY
  #times = new Float64Array(FIRST_CAPACITY * COLUMNS)
  #previous = new Int32Array(FIRST_CAPACITY)
  #following = new Int32Array(FIRST_CAPACITY)
  readonly #receivers: (Receiver | undefined)[] = []
  readonly #latest = new Map<number, number>()
  readonly #free: number[] = []
  /** Ended by joining anew before their leaving was answered. */
  readonly #unanswered = new Set<number>()

  get isFull(): boolean {
    return this.#free.length === 0 && this.size === this.#previous.length
  }

  get capacity(): number {
    return this.#previous.length
  }

  /** The user's latest slot, or -1. */
  latest(user: number): number {
    return this.#latest.get(user) ?? NONE
  }

  receiver(slot: number): Receiver | undefined {
    return this.#receivers[slot]
  }

  /**
   * The user's membership before this one, or -1. Also -1 when this one began so long before the message was sent that
   * no earlier one can have to do with it.
   */
  earlier(slot: number, { sentAt }: Sent, grace: number): number {
    return this.#times[slot * COLUMNS + JOINING]! + grace < sentAt ? NONE : this.#previous[slot]!
  }

  /** Of each user that has a slot. */
  latestOfEach(): Iterable<number> {
    return this.#latest.values()
  }

  isAlone(slot: number): boolean {
    return this.#previous[slot] === NONE && this.#following[slot] === NONE
  }

  /** Neither joining nor leaving is under way. */
  isSettled(slot: number): boolean {
    const base = slot * COLUMNS
    const times = this.#times
    if (times[base + LEFT] !== Number.POSITIVE_INFINITY) return !this.#unanswered.has(slot)
    return times[base + JOINED] !== Number.POSITIVE_INFINITY && times[base + LEAVING] === Number.POSITIVE_INFINITY
  }

  /** What the message is to this membership, at what is known now. Beyond `grace`, instants overrule numbers. */
  claim({ sentAt, seq }: Sent, slot: number, grace: number): Claim {
    const times = this.#times
    const base = slot * COLUMNS
    const joining = times[base + JOINING]!
    if (sentAt < joining - grace) return joining === Number.POSITIVE_INFINITY ? AFTER : BEFORE
    const left = times[base + LEFT]!
    if (sentAt > left + grace) return AFTER
    const joinSeq = times[base + JOIN_SEQ]!
    const leaveSeq = times[base + LEAVE_SEQ]!
    let claim: Claim = REQUIRED
    // NaN, which is not known, compares false both ways.
    if (seq <= joinSeq) return BEFORE
    if (!(seq > joinSeq) && sentAt < times[base + JOINED]!) claim = sentAt < joining ? POSSIBLE : UNSURE
    if (seq > leaveSeq) return AFTER
    if (!(seq <= leaveSeq) && sentAt > times[base + LEAVING]! - grace && claim !== POSSIBLE) {
      claim = sentAt > left ? POSSIBLE : UNSURE
    }
    return claim
  }

  /** Begins to join: a new slot, unless the user is a member already. True when a slot was taken. */
  joining(receiver: Receiver, at: number): boolean {
    const slot = this.latest(receiver.user)
    if (slot !== NONE && this.#isOpen(slot)) {
      if (this.#times[slot * COLUMNS + LEAVING] === Number.POSITIVE_INFINITY) return false
      this.#end(slot, at, Number.NaN)
      this.#unanswered.add(slot)
    }
    const base = this.#take(receiver) * COLUMNS
    this.#times[base + JOINING] = at
    this.#times[base + LEFT] = Number.POSITIVE_INFINITY
    this.live++
    return true
  }

  /** The first answer of a membership counts; later ones change nothing. */
  joined(user: number, at: number, seq: number | undefined): void {
    const base = this.latest(user) * COLUMNS
    if (this.#times[base + JOINED] !== Number.POSITIVE_INFINITY) return
    this.#times[base + JOINED] = at
    if (seq !== undefined) this.#times[base + JOIN_SEQ] = seq
  }

  /** A join was refused. Who was a member already stays one. True when that ended what had only begun. */
  refused(user: number, at: number): boolean {
    const slot = this.latest(user)
    if (slot === NONE || !this.#isOpen(slot)) return false
    if (this.#times[slot * COLUMNS + JOINED] !== Number.POSITIVE_INFINITY) return false
    this.#end(slot, at, Number.NaN)
    return true
  }

  leaving(user: number, at: number): void {
    const slot = this.latest(user)
    if (slot === NONE || !this.#isOpen(slot)) return
    const base = slot * COLUMNS
    if (at < this.#times[base + LEAVING]!) this.#times[base + LEAVING] = at
  }

  /** True when a membership ended. The answer to a leaving that a new join has overtaken belongs to the old membership. */
  left(user: number, at: number, seq: number | undefined): boolean {
    const slot = this.latest(user)
    if (slot === NONE) return false
    const previous = this.#previous[slot]!
    const isOpen = this.#isOpen(slot)
    const isLeaving = isOpen && this.#times[slot * COLUMNS + LEAVING] !== Number.POSITIVE_INFINITY
    if (!isLeaving && this.#unanswered.delete(previous)) {
      this.#times[previous * COLUMNS + LEAVE_SEQ] = seq ?? Number.NaN
      return false
    }
    if (!isOpen) return false
    this.#end(slot, at, seq ?? Number.NaN)
    return true
  }

  /** The user will do nothing more, and nothing that it asked for will be answered. */
  gone(user: number, at: number): void {
    const slot = this.latest(user)
    if (slot === NONE || !this.#isOpen(slot)) return
    this.#unanswered.delete(this.#previous[slot]!)
    this.#end(slot, at, Number.NaN)
  }

  /** A slot for who receives without ever having been a member. */
  visitor(receiver: Receiver, at: number): number {
    const slot = this.#take(receiver)
    const base = slot * COLUMNS
    this.#times[base + JOINING] = Number.POSITIVE_INFINITY
    this.#times[base + LEFT] = Number.NEGATIVE_INFINITY
    this.#times[base + STRAY] = at
    return slot
  }

  /** A receipt at this instant that the slot's interval does not explain, or not yet. */
  touch(slot: number, at: number): void {
    this.#times[slot * COLUMNS + STRAY] = at
  }

  /** Frees slots that no message sent at `before` or later can be about; makes more when that does not give many. */
  reclaim(before: number, grace: number): void {
    for (let slot = 0; slot < this.size; slot++) {
      const receiver = this.#receivers[slot]
      if (receiver === undefined) continue
      const base = slot * COLUMNS
      if (Math.max(this.#times[base + LEFT]! + grace, this.#times[base + STRAY]!) >= before) continue
      const previous = this.#previous[slot]!
      const following = this.#following[slot]!
      if (previous !== NONE) this.#following[previous] = following
      if (following !== NONE) this.#previous[following] = previous
      else if (previous !== NONE) this.#latest.set(receiver.user, previous)
      else this.#latest.delete(receiver.user)
      this.#receivers[slot] = undefined
      this.#unanswered.delete(slot)
      this.#free.push(slot)
    }
    if (this.#free.length * 4 < this.capacity) this.#grow()
  }

  #isOpen(slot: number): boolean {
    return this.#times[slot * COLUMNS + LEFT] === Number.POSITIVE_INFINITY
  }

  #end(slot: number, at: number, seq: number): void {
    const base = slot * COLUMNS
    this.#times[base + LEFT] = at
    if (at < this.#times[base + LEAVING]!) this.#times[base + LEAVING] = at
    this.#times[base + LEAVE_SEQ] = seq
    this.live--
    if (at > this.lastLeft) this.lastLeft = at
  }

  #take(receiver: Receiver): number {
    const slot = this.#free.pop() ?? this.#append()
    const base = slot * COLUMNS
    this.#times[base + JOINED] = Number.POSITIVE_INFINITY
    this.#times[base + LEAVING] = Number.POSITIVE_INFINITY
    this.#times[base + JOIN_SEQ] = Number.NaN
    this.#times[base + LEAVE_SEQ] = Number.NaN
    this.#times[base + STRAY] = Number.NEGATIVE_INFINITY
    const before = this.latest(receiver.user)
    this.#previous[slot] = before
    this.#following[slot] = NONE
    if (before !== NONE) this.#following[before] = slot
    this.#receivers[slot] = receiver
    this.#latest.set(receiver.user, slot)
    return slot
  }

  #append(): number {
    if (this.size === this.#previous.length) this.#grow()
    this.#receivers.push(undefined)
    return this.size++
  }

  #grow(): void {
    const capacity = this.#previous.length * 2
    const times = new Float64Array(capacity * COLUMNS)
    times.set(this.#times)
    const previous = new Int32Array(capacity)
    previous.set(this.#previous)
    const following = new Int32Array(capacity)
    following.set(this.#following)
    this.#times = times
    this.#previous = previous
    this.#following = following
  }
}
