import type { Options } from '../harness/options.ts'
import { runPlan } from './chat-run.ts'
import { Deployment } from './deployment.ts'
import { furnish } from './furnish.ts'
import { type Cost, Meter } from './meter.ts'
import { doubts } from './part.ts'

/** As in seed 001. */
const people = 100

export interface Slice extends Cost {
  readonly rate: number
  /** In milliseconds. */
  readonly p50: number
  readonly p95: number
  readonly p99: number
  /** Resident MB of the instance, afterwards. */
  readonly memory: number
  readonly doubts: readonly string[]
}

/** One instance with some layers on, on stores of its own, and the people who use it. */
export class LayersTarget {
  readonly deployment: Deployment
  readonly #url: string
  readonly #meter: Meter
  readonly #data: string

  private constructor(deployment: Deployment, url: string, data: string) {
    this.deployment = deployment
    this.#url = url
    this.#meter = new Meter(url, deployment)
    this.#data = data
  }

  static async start(layers: readonly string[], cores: Options['cores']): Promise<LayersTarget> {
    const env = {
      HARBOR_SECURITY: layers.join(',') || 'none',
      // Everyone signs up from one address; signed in, each has a limit that counts and is not reached.
      HARBOR_RATE_LIMIT: '100000,10000',
      LOG_LEVEL: 'info',
    }
    const deployment = await Deployment.start({ instances: 1, core: cores?.server, storesCore: cores?.server, env })
    try {
      const url = deployment.instances[0]?.url ?? ''
      return new LayersTarget(deployment, url, JSON.stringify(await furnish(url, people)))
    } catch (error) {
      await deployment.stop()
      throw error
    }
  }

  async run(profile: 'steady' | 'full', seconds: number, cores: Options['cores']): Promise<Slice> {
    const env = { ...this.deployment.known, LAYERS_DATA: this.#data }
    const options = { plan: 'harbor/layers.plan.ts', profile, url: this.#url, seconds, core: cores?.generator, env }
    await this.#meter.begin()
    const run = await runPlan(options)
    const cost = await this.#meter.end()
    const row = run.metrics.find((each) => each.name === 'http.response_time' && each.endpoint === undefined)
    const errors = run.thresholds.find(({ subject }) => subject === 'errors')?.actual
    if (row?.p50 === undefined || row.p95 === undefined || row.p99 === undefined || errors !== 0) {
      throw new Error(`nothing was measured: ${run.verdict}, errors: ${errors}`)
    }
    return {
      ...cost,
      rate: row.count / seconds,
      p50: row.p50,
      p95: row.p95,
      p99: row.p99,
      memory: this.deployment.memory() / 1e6,
      doubts: doubts(profile, run.generator),
    }
  }

  stop(): Promise<void> {
    return this.deployment.stop()
  }
}
