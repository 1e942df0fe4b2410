import { type Millis, millis } from '../../base/units.ts'
import type { Fate, LedgerNews, Publication, PublicationUpdate } from './types.ts'

/** An update that was told before the publication that it is about: which was sent before `told`. */
interface EarlyUpdate {
  readonly update: PublicationUpdate
  readonly told: number
}

/** What this worker has to tell, and how far the others have told. */
export class NewsDesk {
  readonly #worker: number
  /** By worker; this one's stays at infinity. */
  readonly #through: number[]
  #publications: Publication[] = []
  #updates: PublicationUpdate[] = []
  #early: EarlyUpdate[] = []

  constructor(worker: number, workers: number) {
    this.#worker = worker
    this.#through = Array.from({ length: workers }, (_, w) =>
      w === worker ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY,
    )
  }

  get isAlone(): boolean {
    return this.#through.length === 1
  }

  /** All that any other worker published up to here is known. */
  get through(): Millis {
    let least = Number.POSITIVE_INFINITY
    for (const instant of this.#through) if (instant < least) least = instant
    return millis(least)
  }

  publish(publication: Publication): void {
    if (!this.isAlone) this.#publications.push(publication)
  }

  update(event: string, room: string, key: string, fate: Fate | undefined, seq: number | undefined): void {
    if (!this.isAlone) this.#updates.push({ event, room, key, fate, seq })
  }

  take(now: Millis): LedgerNews {
    const news = { worker: this.#worker, publications: this.#publications, updates: this.#updates, through: now }
    this.#publications = []
    this.#updates = []
    return news
  }

  /** Takes note of how far a worker has told. */
  heard(news: LedgerNews): void {
    this.#through[news.worker] = news.through
  }

  /** No such publication is known: it may come from a third worker, whose news is behind. */
  tooEarly(update: PublicationUpdate, told: number): void {
    if (told > this.through) this.#early.push({ update, told })
  }

  takeEarly(): readonly EarlyUpdate[] {
    const early = this.#early
    this.#early = []
    return early
  }
}
