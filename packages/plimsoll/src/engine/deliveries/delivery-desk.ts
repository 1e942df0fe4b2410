import type { Clock } from '../../base/clock.ts'
import { type Millis, millis } from '../../base/units.ts'
import { DEFAULT_DELIVERY } from '../../measure/deliveries/defaults.ts'
import type { DeliveryLedger, LedgerNews } from '../../measure/deliveries/types.ts'

/** How often workers tell each other what their users have published. */
const NEWS = millis(50)

/**
 * A worker's side of the account: the ledger, and the news between it and those of the other workers. News begins to
 * flow with the first event that anybody, here or there, accounts for.
 */
export class DeliveryDesk {
  readonly ledger: DeliveryLedger
  readonly #clock: Clock
  readonly #tell: ((news: LedgerNews) => void) | undefined
  readonly #declared = new Set<string>()
  #grace = millis(0)
  #cancel: (() => void) | undefined
  #isSilent = false

  /** @param tell undefined in a run of one worker */
  constructor(ledger: DeliveryLedger, clock: Clock, tell: ((news: LedgerNews) => void) | undefined) {
    this.ledger = ledger
    this.#clock = clock
    this.#tell = tell
  }

  /** The longest grace of any event; 0 while none is accounted for. */
  get grace(): Millis {
    return this.#grace
  }

  declare(event: string, settings = DEFAULT_DELIVERY): void {
    if (this.#declared.has(event)) return
    this.#declared.add(event)
    this.#grace = millis(Math.max(this.#grace, settings.grace))
    this.ledger.declare(event, settings)
    this.#begin()
  }

  hear(news: LedgerNews): void {
    for (const { event } of news.publications) this.declare(event)
    this.#begin()
    this.ledger.hear(news)
  }

  /** The last news: nothing is published here any more. */
  fallSilent(): void {
    this.#isSilent = true
    this.#cancel?.()
    this.#cancel = undefined
    this.#tell?.(this.ledger.takeNews(millis(Number.POSITIVE_INFINITY)))
  }

  #begin(): void {
    if (this.#tell !== undefined && this.#cancel === undefined && !this.#isSilent) this.#schedule()
  }

  #schedule(): void {
    this.#cancel = this.#clock.after(NEWS, () => {
      this.#tell?.(this.ledger.takeNews(this.#clock.now()))
      this.#schedule()
    })
  }
}
