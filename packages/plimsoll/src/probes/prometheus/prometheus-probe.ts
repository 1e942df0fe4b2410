import type { AgentOptions } from 'node:https'
import { PlimsollError } from '../../base/errors.ts'
import type { Counted } from '../../record/counted.ts'
import { networkFault } from '../network-fault.ts'
import type { Probe } from '../probe.ts'
import { evaluate } from './evaluate.ts'
import { parseExposition } from './exposition.ts'
import { type PrometheusFigure, seriesNamesOf } from './figure.ts'
import { explainMissing } from './missing.ts'
import { NoPage, PageFetcher } from './page-fetcher.ts'
import { Scrape } from './scrape.ts'

export interface PrometheusTarget {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly figures: Readonly<Record<string, PrometheusFigure>>
}

/** Series of wanted metrics; an endpoint with more gives a plan's figures too many labels. */
const MOST_SERIES = 20_000

/**
 * Figures that the plan names, of what an endpoint tells Prometheus: levels as they are, counters per second, histograms
 * as distributions, and shares of counters. The endpoint is asked once for each sample, for all of them.
 */
export class PrometheusProbe implements Probe {
  readonly name = 'prometheus'
  readonly #target: PrometheusTarget
  readonly #tls: AgentOptions | undefined
  readonly #where: string
  readonly #wanted: ReadonlySet<string>
  readonly #seen = new Set<string>()
  #unreadable: string | undefined
  #fetcher: PageFetcher | undefined
  #last: Scrape | undefined

  /** @param tls of an https endpoint, where it is not as usual */
  constructor(target: PrometheusTarget, tls?: AgentOptions) {
    this.#target = target
    this.#tls = tls
    const { origin, pathname } = new URL(target.url)
    // Without what may hold secrets: the user, the query.
    this.#where = `${origin}${pathname}`
    this.#wanted = new Set(Object.values(target.figures).flatMap(seriesNamesOf))
  }

  get gaps(): readonly string[] {
    return this.#unreadable === undefined ? [] : [this.#unreadable]
  }

  get missing(): ReadonlyMap<string, string> {
    const missing = new Map<string, string>()
    if (this.#last === undefined) return missing
    for (const [name, figure] of Object.entries(this.#target.figures)) {
      if (!this.#seen.has(name)) missing.set(name, `${name}: ${explainMissing(figure, this.#last, this.#where)}`)
    }
    return missing
  }

  async start(): Promise<void> {
    await this.stop()
    try {
      this.#fetcher = await PageFetcher.open(new URL(this.#target.url), this.#target.headers, this.#tls)
      this.#last = await this.#scrape(this.#fetcher)
    } catch (error) {
      await this.stop()
      throw trouble(error, this.#where)
    }
  }

  async sample(): Promise<Record<string, number | Counted>> {
    try {
      if (this.#fetcher === undefined || this.#last === undefined) throw new Error('it was not asked yet')
      const before = this.#last
      const now = await this.#scrape(this.#fetcher)
      this.#last = now
      const values: Record<string, number | Counted> = {}
      for (const [name, figure] of Object.entries(this.#target.figures)) {
        const found = evaluate(name, figure, before, now)
        if (Object.keys(found).length > 0) this.#seen.add(name)
        Object.assign(values, found)
      }
      return values
    } catch (error) {
      throw trouble(error, this.#where)
    }
  }

  async stop(): Promise<void> {
    this.#fetcher?.close()
    this.#fetcher = undefined
  }

  async #scrape(fetcher: PageFetcher): Promise<Scrape> {
    const text = await fetcher.get()
    const at = performance.now()
    const page = parseExposition(text, (name) => this.#wanted.has(name))
    if (page.series.length > MOST_SERIES) {
      throw new NoPage(
        `it has more than ${MOST_SERIES} series of what is asked for`,
        'Ask for metrics with fewer labels.',
      )
    }
    if (page.malformed > 0) {
      this.#unreadable ??= `${this.#where} has lines that cannot be read, such as line ${page.firstMalformed}: they are left out`
    }
    return new Scrape(at, page)
  }
}

function trouble(error: unknown, where: string): PlimsollError {
  const message = networkFault(error) ?? (error instanceof Error ? error.message : String(error))
  const hint = error instanceof NoPage ? error.hint : 'Start what tells it, or correct `probes.prometheus.url`.'
  return new PlimsollError('PROBE_FAILED', `the prometheus probe cannot read ${where}: ${message}`, {
    hint,
    cause: error,
  })
}
