import type { Micros } from '../../base/units.ts'
import type { Recorder, Series } from '../../measure/recorder.ts'
import { endpointName } from '../../plan/endpoint-name.ts'

/** The series of one endpoint; those of rare events are made when first needed. */
export interface EndpointSeries {
  readonly name: string
  readonly response: Series
  readonly service: Series
  readonly wait: Series
  /** Only exchanges that opened a connection, waited for one, or failed. */
  readonly connect: () => Series
  readonly tls: () => Series
  readonly blocked: () => Series
  readonly failedTime: () => Series
  /** The slowest exchanges seen of it, ascending: see ExemplarBox. */
  readonly slowest: Micros[]
}

/** URLs that a plan builds from ids are without number: the memory of their names is cut here and begun again. */
const MAX_URLS = 20_000

/** Finds the series of a request by its method and URL without building a key for each request. */
export class Endpoints {
  readonly #recorder: Recorder
  readonly #byMethod = new Map<string, Map<string, EndpointSeries>>()
  readonly #byName = new Map<string, EndpointSeries>()

  constructor(recorder: Recorder) {
    this.#recorder = recorder
  }

  of(method: string, url: string): EndpointSeries {
    let byUrl = this.#byMethod.get(method)
    if (byUrl === undefined) {
      byUrl = new Map()
      this.#byMethod.set(method, byUrl)
    }
    let found = byUrl.get(url)
    if (found === undefined) {
      if (byUrl.size >= MAX_URLS) byUrl.clear()
      found = this.named(endpointName(method, url))
      byUrl.set(url, found)
    }
    return found
  }

  named(name: string): EndpointSeries {
    let found = this.#byName.get(name)
    if (found === undefined) {
      if (this.#byName.size >= MAX_URLS) this.#byName.clear()
      found = this.#make(name)
      this.#byName.set(name, found)
    }
    return found
  }

  #make(name: string): EndpointSeries {
    const series = (metric: string) => this.#recorder.series(metric, 'endpoint', name)
    return {
      name,
      response: series('http.response_time'),
      service: series('http.service_time'),
      wait: series('http.wait_time'),
      connect: () => series('http.connect_time'),
      tls: () => series('http.tls_time'),
      blocked: () => series('http.blocked_time'),
      failedTime: () => series('http.failed_time'),
      slowest: [],
    }
  }
}
