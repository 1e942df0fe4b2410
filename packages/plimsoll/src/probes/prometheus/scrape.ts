import type { Exposition } from './exposition.ts'
import type { Selector } from './figure.ts'
import type { Series } from './series-line.ts'

/** One look at an endpoint. */
export class Scrape {
  /** When its answer had come, in milliseconds. */
  readonly at: number
  readonly page: Exposition
  readonly #byName = new Map<string, Series[]>()
  readonly #values = new Map<string, number>()

  constructor(at: number, page: Exposition) {
    this.at = at
    this.page = page
    for (const series of page.series) {
      const list = this.#byName.get(series.name)
      if (list === undefined) this.#byName.set(series.name, [series])
      else list.push(series)
      this.#values.set(series.name + series.labelText, series.value)
    }
  }

  /** @param name of the lines, where it is not the metric's own: `…_bucket` */
  matching({ metric, where }: Selector, name = metric): readonly Series[] {
    const all = this.#byName.get(name) ?? []
    const wanted = Object.entries(where)
    if (wanted.length === 0) return all
    return all.filter(({ labels }) => wanted.every(([label, values]) => values.includes(labels.get(label) ?? '')))
  }

  value(name: string, labelText: string): number | undefined {
    return this.#values.get(name + labelText)
  }

  /**
   * By how much a counter has grown since the scrape before. One that is less than it was began anew, and one that was
   * not there began since: both count from 0, as `rate` of Prometheus does with the first.
   */
  growth(before: Scrape, { name, labelText, value }: Series): number {
    const earlier = before.value(name, labelText) ?? 0
    const grown = value < earlier ? value : value - earlier
    return Number.isFinite(grown) ? grown : 0
  }
}
