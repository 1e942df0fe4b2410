import { type Millis, millis, subtract, toMicros } from '../../base/units.ts'
import type { Recorder, Series } from '../recorder.ts'
import { BYTES_OF_WORD } from './bitmap.ts'
import { Books } from './books.ts'
import { Desk } from './desk.ts'
import { WaitingReceipts } from './fifo.ts'
import { BYTES_OF_MEMBERSHIP, POSSIBLE, REQUIRED } from './memberships.ts'
import { NewsDesk } from './news-desk.ts'
import { BYTES_OF_RECEIVER, type Receiver, Receivers } from './receivers.ts'
import { BYTES_OF_MESSAGE, Message, type Room } from './room.ts'
import type { DeliveryLedger, DeliverySettings, Fate, LedgerNews, Publication, PublicationUpdate } from './types.ts'

export interface LedgerOptions {
  /** From 0. */
  readonly worker: number
  readonly workers: number
  readonly recorder: Recorder
}

/**
 * Counts are made when a message's receivers are all known, and corrected by whatever is learned later, so that sums
 * depend on what happened alone: not on when news came, nor on how users are dealt to workers.
 *
 * Memory of a worker: about 600 bytes a message and 8 more for every 32 memberships of its room, while it is open and
 * somebody has it; 110 bytes a membership, 350 a user. At most 200,000 open messages, as many that are kept for 60 s for their
 * copies' sake, and 64 MB of bitmaps.
 */
export function createDeliveryLedger(options: LedgerOptions): DeliveryLedger {
  return new Ledger(options)
}

class Ledger implements DeliveryLedger {
  lastPublishedAt = millis(Number.NEGATIVE_INFINITY)
  readonly #recorder: Recorder
  readonly #desks = new Map<string, Desk>()
  readonly #receivers = new Receivers()
  readonly #books = new Books()
  readonly #news: NewsDesk
  readonly #waiting = new WaitingReceipts()
  // What the last receipt was about: a message goes to many receivers at once.
  #lastEvent: string | undefined
  #lastRoomName = ''
  #lastRoom: Room | undefined
  #lastMessage: Message | undefined
  #latency: Series | undefined

  constructor({ worker, workers, recorder }: LedgerOptions) {
    this.#recorder = recorder
    this.#news = new NewsDesk(worker, workers)
  }

  declare(event: string, settings: DeliverySettings): void {
    this.#desk(event).topic.settings = settings
  }

  joining(event: string, user: number, name: string, at: Millis): void {
    this.#join(this.#desk(event).room(name), this.#receivers.of(user), at)
  }

  joined(event: string, user: number, name: string, at: Millis, seq: number | undefined): void {
    const room = this.#desk(event).room(name)
    this.#join(room, this.#receivers.of(user), at)
    room.memberships.joined(user, at, seq)
  }

  refused(event: string, user: number, name: string, at: Millis): void {
    const room = this.#desk(event).rooms.get(name)
    if (room?.memberships.refused(user, at)) this.#forgetJoined(room, user)
  }

  leaving(event: string, user: number, name: string, at: Millis): void {
    this.#desk(event).rooms.get(name)?.memberships.leaving(user, at)
  }

  left(event: string, user: number, name: string, at: Millis, seq: number | undefined): void {
    const room = this.#desk(event).rooms.get(name)
    if (room === undefined) return
    // A server that was long in answering may have published meanwhile what was already taken for this user's.
    const doubtful = seq === undefined ? [] : room.keptAfter(seq)
    for (const message of doubtful) this.#books.restore(message)
    if (room.memberships.left(user, at, seq)) this.#forgetJoined(room, user)
    for (const message of doubtful) this.#books.judge(message)
  }

  gone(user: number, at: Millis): void {
    const joined = this.#receivers.find(user)?.joined.splice(0)
    if (joined === undefined) return
    for (const memberships of joined) memberships.gone(user, at)
  }

  reconnected(user: number, at: Millis): void {
    this.#receivers.of(user).reconnectedAt = at
  }

  published(event: string, user: number, room: string, key: string, scheduledAt: Millis, sentAt: Millis): void {
    const publication: Publication = { event, room, key, sender: user, scheduledAt, sentAt }
    if (!this.#know(publication)) return
    this.#desk(event).room(room).tally.published++
    this.#news.publish(publication)
  }

  settledAs(event: string, room: string, key: string, fate: Fate, seq: number | undefined): void {
    const message = this.#find(event, room, key)
    if (message === undefined) return
    this.#learn(message, fate, seq)
    this.#news.update(event, room, key, fate, seq)
  }

  received(event: string, user: number, name: string, key: string, at: Millis, seq: number | undefined): void {
    const room = name === this.#lastRoomName && event === this.#lastEvent ? this.#lastRoom : this.#turnTo(event, name)
    if (room === undefined) {
      this.#desk(event).topic.other.unexpected++
      return
    }
    const number = seq ?? Number.NaN
    if (this.#waiting.size === 0) {
      const message = this.#known(room, key)
      if (message !== undefined) {
        const { memberships } = room
        const latest = memberships.latest(user)
        const slot = latest >= 0 ? latest : this.#visitor(room, user, at)
        this.#account(room, message, slot, at, number, memberships.receiver(slot)!.reconnectedAt)
        return
      }
      if (at <= this.#news.through) {
        room.tally.unexpected++
        return
      }
    }
    this.#wait(room, user, key, at, number)
  }

  takeNews(now: Millis): LedgerNews {
    return this.#news.take(now)
  }

  hear(news: LedgerNews): void {
    for (const publication of news.publications) this.#know(publication)
    this.#news.heard(news)
    for (const { update, told } of this.#news.takeEarly()) this.#hearUpdate(update, told)
    for (const update of news.updates) this.#hearUpdate(update, news.through)
    this.#drain(this.#news.through)
  }

  tend(now: Millis): void {
    const through = this.#news.through
    const horizon = now < through ? now : through
    this.#drain(through)
    for (const desk of this.#desks.values()) this.#judgeGrown(desk, horizon)
    this.#books.unblock()
    this.#books.tend(now)
    for (const desk of this.#desks.values()) desk.sweep(horizon)
    this.#forgetLast()
  }

  settle(now: Millis): void {
    this.#drain(Number.POSITIVE_INFINITY)
    this.#books.tend(now)
    for (const desk of this.#desks.values()) this.#judgeGrown(desk, Number.POSITIVE_INFINITY)
    this.#books.settle()
    this.#forgetLast()
    for (const { topic } of this.#desks.values()) topic.latencies.recordTo(this.#recorder, topic.event)
  }

  take(): ReturnType<DeliveryLedger['take']> {
    const counts = [...this.#desks.values()].flatMap(({ topic }) => topic.take())
    return { counts, last: this.#books.takeLast() }
  }

  get memory(): DeliveryLedger['memory'] {
    let memberships = 0
    let slots = 0
    for (const { rooms } of this.#desks.values()) {
      for (const room of rooms.values()) {
        memberships += room.memberships.live
        slots += room.memberships.capacity
      }
    }
    const { open, kept, words } = this.#books
    const messages = (open.size + kept.size) * BYTES_OF_MESSAGE
    const users = this.#receivers.size * BYTES_OF_RECEIVER
    return {
      openMessages: open.size,
      memberships,
      bytes: messages + users + words * BYTES_OF_WORD + slots * BYTES_OF_MEMBERSHIP + this.#waiting.bytes,
    }
  }

  #desk(event: string): Desk {
    let desk = this.#desks.get(event)
    if (desk === undefined) this.#desks.set(event, (desk = new Desk(event)))
    return desk
  }

  #find(event: string, room: string, key: string): Message | undefined {
    return this.#desks.get(event)?.rooms.get(room)?.messages.get(key)
  }

  #turnTo(event: string, name: string): Room | undefined {
    const room = this.#desk(event).strangeRoom(name)
    this.#lastRoom = room
    this.#lastRoomName = name
    if (event !== this.#lastEvent) this.#latency = this.#recorder.series('delivery.latency', 'endpoint', event)
    this.#lastEvent = event
    return room
  }

  /** What is forgotten, or a room that was swept, must not be found by the shortcut. */
  #forgetLast(): void {
    this.#lastEvent = undefined
    this.#lastRoom = undefined
    this.#lastMessage = undefined
  }

  #join(room: Room, receiver: Receiver, at: Millis): void {
    this.#makeSpace(room, at)
    if (room.memberships.joining(receiver, at)) receiver.joined.push(room.memberships)
  }

  #forgetJoined({ memberships }: Room, user: number): void {
    const { joined } = this.#receivers.of(user)
    joined.splice(joined.indexOf(memberships), 1)
  }

  #visitor(room: Room, user: number, at: Millis): number {
    this.#makeSpace(room, at)
    return room.memberships.visitor(this.#receivers.of(user), at)
  }

  /** Before slots are added, those are freed that no message can be about: known, to be heard of, or to be sent. */
  #makeSpace(room: Room, now: Millis): void {
    if (!room.memberships.isFull) return
    const firstWaiting = this.#waiting.size > 0 ? this.#waiting.at : now
    const before = Math.min(room.earliestSentAt(), this.#news.through, firstWaiting, now)
    room.memberships.reclaim(before, room.topic.settings.grace)
  }

  /** False for a key that the room has already: it is not another message. */
  #know(publication: Publication): boolean {
    const desk = this.#desk(publication.event)
    const room = desk.room(publication.room)
    if (room.messages.has(publication.key)) return false
    const message = new Message(room, publication)
    room.messages.set(publication.key, message)
    desk.await(message)
    if (publication.sentAt > this.lastPublishedAt) this.lastPublishedAt = publication.sentAt
    this.#books.add(message)
    return true
  }

  #learn(message: Message, fate: Fate | undefined, seq: number | undefined): void {
    const isNewFate = fate !== undefined && fate !== message.fate
    const isNewSeq = seq !== undefined && !Number.isNaN(seq) && Number.isNaN(message.seq)
    if (!isNewFate && !isNewSeq) return
    this.#books.restore(message)
    if (isNewFate) message.fate = fate
    if (isNewSeq) message.room.number(message, seq)
    if (message.stage !== 'fresh') this.#books.judge(message)
  }

  #hearUpdate(update: PublicationUpdate, told: number): void {
    const message = this.#find(update.event, update.room, update.key)
    if (message === undefined) this.#news.tooEarly(update, told)
    else this.#learn(message, update.fate, update.seq)
  }

  #judgeGrown(desk: Desk, horizon: number): void {
    for (let message = desk.nextGrown(horizon); message !== undefined; message = desk.nextGrown(horizon)) {
      if (message.stage === 'fresh') this.#books.judge(message)
    }
  }

  #wait(room: Room, user: number, key: string, at: Millis, seq: number): void {
    const { memberships } = room
    const latest = memberships.latest(user)
    const slot = latest >= 0 ? latest : this.#visitor(room, user, at)
    // The slot must not be given to another before this receipt was looked at.
    memberships.touch(slot, at)
    if (this.#waiting.isFull) this.#next()
    this.#waiting.push(room, slot, key, at, seq, memberships.receiver(slot)!.reconnectedAt)
    room.waiting++
  }

  /** The room's message of that key; texts of the last one asked for are compared faster than hashed. */
  #known(room: Room, key: string): Message | undefined {
    const last = this.#lastMessage
    if (last !== undefined && last.room === room && last.key === key && last.stage !== 'forgotten') return last
    const message = room.messages.get(key)
    if (message !== undefined) this.#lastMessage = message
    return message
  }

  /** Looks at waiting receipts, as far as their publications are known; those up to `through` will not be. */
  #drain(through: number): void {
    const waiting = this.#waiting
    while (waiting.size > 0) {
      if (waiting.at > through && this.#known(waiting.room, waiting.key) === undefined) return
      this.#next()
    }
  }

  #next(): void {
    const { room, slot, key, at, seq, reconnectedAt } = this.#waiting
    this.#waiting.shift()
    room.waiting--
    const message = this.#known(room, key)
    if (message === undefined) room.tally.unexpected++
    else this.#account(room, message, slot, millis(at), seq, reconnectedAt)
  }

  #account(room: Room, message: Message, slot: number, at: Millis, seq: number, reconnectedAt: number): void {
    const { memberships } = room
    if (!Number.isNaN(seq) && Number.isNaN(message.seq)) this.#learnFromReceipt(message, seq)
    if (room.holds(message, slot)) {
      room.tally.duplicated++
      return
    }
    const books = this.#books
    books.restore(message)
    const isOnly = memberships.isAlone(slot)
    const latest = isOnly ? slot : memberships.latest(memberships.receiver(slot)!.user)
    const claim = room.claim(message, slot)
    if (claim < POSSIBLE) memberships.touch(slot, at)
    const isCopy = !isOnly && room.holdsAtAny(message, latest)
    const isOutOfOrder = !isCopy && this.#isOutOfOrder(room, message, latest)
    books.setReceived(message, slot)
    if (!isCopy) {
      const isLate = reconnectedAt > message.sentAt
      if (isLate) books.setLate(message, slot)
      if (isOutOfOrder) books.setOutOfOrder(message, slot)
      const strongest = isOnly ? claim : room.claimOfUser(message, latest)
      if (strongest >= POSSIBLE) {
        this.#record(room, message, slot, at, isLate)
        if (message.stage !== 'kept') {
          count(room, message, isLate, isOutOfOrder)
          if (message.stage === 'open' && strongest === REQUIRED) message.missing--
          if (message.stage === 'open' && message.missing === 0) books.judge(message)
          return
        }
      }
    }
    if (message.stage === 'kept') books.judge(message)
  }

  #learnFromReceipt(message: Message, seq: number): void {
    this.#learn(message, undefined, seq)
    this.#news.update(message.room.topic.event, message.room.name, message.key, undefined, seq)
  }

  /** Whether this user has one already that the same sender published later. */
  #isOutOfOrder(room: Room, { sender, order, next }: Message, latest: number): boolean {
    if (order >= sender.newestReceived) {
      sender.newestReceived = order
      return false
    }
    for (let later = next; later !== undefined; later = later.next) {
      if (room.holdsAtAny(later, latest)) return true
    }
    return false
  }

  #record(room: Room, message: Message, slot: number, at: Millis, isLate: boolean): void {
    const { event, latencies } = room.topic
    const latency = toMicros(subtract(at, message.scheduledAt as Millis))
    const series =
      event === this.#lastEvent ? this.#latency! : this.#recorder.series('delivery.latency', 'endpoint', event)
    series.record(latency, false)
    if (isLate) this.#recorder.series('delivery.late_latency', 'endpoint', event).record(latency, false)
    latencies.add(room.memberships.receiver(slot)!.index, latency)
    if (latency > message.lastMicros) message.lastMicros = latency
  }
}

function count({ tally }: Room, { account }: Message, isLate: boolean, isOutOfOrder: boolean): void {
  tally.received++
  account.received++
  if (isLate) {
    tally.late++
    account.late++
  }
  if (isOutOfOrder) {
    tally.outOfOrder++
    account.outOfOrder++
  }
}
