import { type Millis, millis } from '../../base/units.ts'
import type { DeliveryLedger } from '../../measure/deliveries/types.ts'
import type {
  CompiledDelivery,
  CompiledField,
  CompiledMembershipEvent,
  CompiledPublishEvent,
  CompiledReceiveEvent,
} from '../../plan/compiled.ts'
import type { User } from '../../plan/user.ts'
import type { DeliveryDesk } from './delivery-desk.ts'
import { readKey, readSeq, wasAccepted } from './read-field.ts'
import type { Receipt } from './receipt.ts'
import { RecentTexts } from './recent-texts.ts'

/** What an emit meant to the ledger; its acknowledgement, or the lack of one, completes it. */
export interface Emitted {
  acknowledged(answer: unknown, at: Millis): void
  /** No acknowledgement was asked for, or none came. */
  unanswered(at: Millis, wanted: boolean): void
}

/** Told of a payload in which a declared field is missing. */
export type OnMissing = (where: string, field: CompiledField, payload: unknown) => void

interface Outgoing {
  readonly delivery: CompiledDelivery
  readonly kind: 'join' | 'leave' | 'publish'
  readonly spec: CompiledMembershipEvent
}

interface Incoming {
  readonly delivery: CompiledDelivery
  readonly spec: CompiledReceiveEvent
  /** The first message decides whether the declaration fits; others of its kind may be about something else. */
  seen: boolean
}

/**
 * Reads a plan's `deliveries` off the traffic of its sockets: which emits join, leave and publish, which events
 * deliver. One for all users of a worker.
 */
export class DeclaredDeliveries {
  readonly #ledger: DeliveryLedger
  readonly #onMissing: OnMissing
  readonly #deliveries: readonly CompiledDelivery[]
  readonly #outgoing = new Map<string, Outgoing[]>()
  readonly #incoming = new Map<string, Incoming[]>()
  readonly #acks = new Map<string, Incoming[]>()
  /** For texts that nobody but the account looks at; undefined when the plan's own code reads its fields. */
  readonly texts: RecentTexts | undefined

  constructor(deliveries: readonly CompiledDelivery[], desk: DeliveryDesk, onMissing: OnMissing) {
    this.#ledger = desk.ledger
    this.#onMissing = onMissing
    this.#deliveries = deliveries
    for (const delivery of deliveries) {
      const { name, toSender, grace, join, leave, publish, receive } = delivery
      desk.declare(name, { toSender, grace })
      if (join !== undefined) push(this.#outgoing, join.event, { delivery, kind: 'join', spec: join })
      if (leave !== undefined) push(this.#outgoing, leave.event, { delivery, kind: 'leave', spec: leave })
      push(this.#outgoing, publish.event, { delivery, kind: 'publish', spec: publish })
      for (const spec of receive) {
        push(spec.source === 'ack' ? this.#acks : this.#incoming, spec.event, { delivery, spec, seen: false })
      }
    }
    const readsByPath = deliveries.every(({ receive }) => receive.every(isReadByPath))
    this.texts = readsByPath
      ? new RecentTexts((event, payload) => this.#read(this.#incoming.get(event), payload))
      : undefined
  }

  /** Rooms that users are in by themselves: from the first attempt to connect on. */
  connecting(user: User<never> & { readonly id: number }, at: Millis): void {
    this.#forRooms(user, (event, room) => this.#ledger.joining(event, user.id, room, at))
  }

  /** It stands, or it failed: either way the user should get what is published from now on. */
  connected(user: User<never> & { readonly id: number }, at: Millis): void {
    this.#forRooms(user, (event, room) => this.#ledger.joined(event, user.id, room, at, undefined))
  }

  /** An emit that has been sent at `sentAt`; undefined when it means nothing to any delivery. */
  emitted(user: number, event: string, payload: unknown, scheduledAt: Millis, sentAt: Millis): Emitted | undefined {
    const found = this.#outgoing.get(event)
    if (found === undefined) return undefined
    const parts = found.flatMap((outgoing) => this.#emit(outgoing, user, payload, scheduledAt, sentAt) ?? [])
    return parts.length === 1 ? parts[0] : all(parts)
  }

  received(user: number, event: string, payload: unknown, at: Millis): void {
    this.got(user, this.#read(this.#incoming.get(event), payload), at)
  }

  got(user: number, receipts: readonly Receipt[], at: Millis): void {
    const ledger = this.#ledger
    for (const { delivery, room, key, seq } of receipts) ledger.received(delivery, user, room, key, at, seq)
  }

  /** An acknowledgement that may bring messages along. */
  answered(user: number, event: string, answer: unknown, at: Millis): void {
    this.got(user, this.#read(this.#acks.get(event), answer), at)
  }

  #forRooms(user: User<never>, act: (event: string, room: string) => void): void {
    for (const { name, rooms } of this.#deliveries) {
      if (rooms === undefined) continue
      for (const room of rooms(user)) act(name, room)
    }
  }

  #emit(
    { delivery, kind, spec }: Outgoing,
    user: number,
    payload: unknown,
    scheduledAt: Millis,
    sentAt: Millis,
  ): Emitted | undefined {
    const { name, grace } = delivery
    const ledger = this.#ledger
    const room = readKey(spec.room, payload)
    if (room === undefined) {
      this.#onMissing(`deliveries.${name}.${kind}.room`, spec.room, payload)
      return undefined
    }
    switch (kind) {
      case 'join':
        ledger.joining(name, user, room, sentAt)
        return {
          acknowledged: (answer, at) => {
            if (wasAccepted(spec.accepted, answer)) ledger.joined(name, user, room, at, readSeq(spec.seq, answer))
            else ledger.refused(name, user, room, at)
          },
          // Who asked and was not answered should have got the messages too; without acknowledgements, after a grace.
          unanswered: (at, wanted) => ledger.joined(name, user, room, wanted ? at : millis(at + grace), undefined),
        }
      case 'leave':
        ledger.leaving(name, user, room, sentAt)
        return {
          acknowledged: (answer, at) => ledger.left(name, user, room, at, readSeq(spec.seq, answer)),
          unanswered: (at) => ledger.left(name, user, room, at, undefined),
        }
      case 'publish': {
        const { key: keyField } = spec as CompiledPublishEvent
        const key = readKey(keyField, payload)
        if (key === undefined) {
          this.#onMissing(`deliveries.${name}.publish.key`, keyField, payload)
          return undefined
        }
        ledger.published(name, user, room, key, scheduledAt, sentAt)
        return {
          acknowledged: (answer) => {
            const fate = wasAccepted(spec.accepted, answer) ? 'confirmed' : 'refused'
            ledger.settledAs(name, room, key, fate, readSeq(spec.seq, answer))
          },
          unanswered: (_, wanted) => {
            if (wanted) ledger.settledAs(name, room, key, 'unknown', undefined)
          },
        }
      }
    }
  }

  #read(found: readonly Incoming[] | undefined, payload: unknown): readonly Receipt[] {
    if (found === undefined) return nothing
    const receipts: Receipt[] = []
    for (const incoming of found) {
      const { each } = incoming.spec
      const messages = each === undefined ? undefined : each.read(payload)
      if (each === undefined) {
        this.#readOne(incoming, payload, receipts)
      } else if (Array.isArray(messages)) {
        for (const message of messages) this.#readOne(incoming, message, receipts)
      } else if (!incoming.seen && incoming.spec.source === 'event') {
        incoming.seen = true
        this.#onMissing(`deliveries.${incoming.delivery.name}.receive.each`, each, payload)
      }
    }
    return receipts
  }

  #readOne(incoming: Incoming, message: unknown, receipts: Receipt[]): void {
    const { delivery, spec, seen } = incoming
    const room = readKey(spec.room, message)
    const key = readKey(spec.key, message)
    if (!seen) {
      incoming.seen = true
      if (room === undefined) this.#onMissing(`deliveries.${delivery.name}.receive.room`, spec.room, message)
      else if (key === undefined) this.#onMissing(`deliveries.${delivery.name}.receive.key`, spec.key, message)
    }
    if (room === undefined || key === undefined) return
    receipts.push({ delivery: delivery.name, room, key, seq: readSeq(spec.seq, message) })
  }
}

const nothing: readonly Receipt[] = []

const isReadByPath = ({ each, room, key, seq }: CompiledReceiveEvent): boolean =>
  room.isPath && key.isPath && each?.isPath !== false && seq?.isPath !== false

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}

function all(parts: readonly Emitted[]): Emitted | undefined {
  if (parts.length === 0) return undefined
  return {
    acknowledged: (answer, at) => {
      for (const part of parts) part.acknowledged(answer, at)
    },
    unanswered: (at, wanted) => {
      for (const part of parts) part.unanswered(at, wanted)
    },
  }
}
