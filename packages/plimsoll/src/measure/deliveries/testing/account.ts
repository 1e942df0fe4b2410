import { millis } from '../../../base/units.ts'
import { Recorder } from '../../recorder.ts'
import { createDeliveryLedger } from '../ledger.ts'
import type { DeliveryLedger } from '../types.ts'
import { EVENT, GRACE } from './scenario.ts'

const ROOM = 'a'

/** A ledger with its verbs shortened to one event and one room; instants are plain milliseconds. */
export class Account {
  readonly recorder = new Recorder()
  readonly ledger: DeliveryLedger
  #sums: Record<string, number> = {}

  constructor({ workers = 1, worker = 0, toSender = true } = {}) {
    this.ledger = createDeliveryLedger({ worker, workers, recorder: this.recorder })
    this.ledger.declare(EVENT, { toSender, grace: GRACE })
  }

  joining(user: number, at: number): void {
    this.ledger.joining(EVENT, user, ROOM, millis(at))
  }

  joined(user: number, at: number, seq?: number): void {
    this.ledger.joined(EVENT, user, ROOM, millis(at), seq)
  }

  leaving(user: number, at: number): void {
    this.ledger.leaving(EVENT, user, ROOM, millis(at))
  }

  refused(user: number, at: number): void {
    this.ledger.refused(EVENT, user, ROOM, millis(at))
  }

  left(user: number, at: number, seq?: number): void {
    this.ledger.left(EVENT, user, ROOM, millis(at), seq)
  }

  published(user: number, key: string, at: number, scheduledAt = at): void {
    this.ledger.published(EVENT, user, ROOM, key, millis(scheduledAt), millis(at))
  }

  fate(key: string, fate: 'confirmed' | 'refused' | 'unknown', seq?: number): void {
    this.ledger.settledAs(EVENT, ROOM, key, fate, seq)
  }

  received(user: number, key: string, at: number, seq?: number): void {
    this.ledger.received(EVENT, user, ROOM, key, millis(at), seq)
  }

  /** All that was counted so far, without what is zero. */
  counts(): Record<string, number> {
    for (const { event: _, room: __, ...counts } of this.ledger.take().counts) {
      for (const [name, count] of Object.entries(counts)) this.#sums[name] = (this.#sums[name] ?? 0) + count
    }
    return Object.fromEntries(Object.entries(this.#sums).filter(([, count]) => count !== 0))
  }

  /** What is counted when the run ends at `at`. */
  end(at = 10_000): Record<string, number> {
    this.ledger.settle(millis(at))
    return this.counts()
  }
}
