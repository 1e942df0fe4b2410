import type { Clock } from '../base/clock.ts'
import { PlimsollError } from '../base/errors.ts'
import { type Millis, millis, subtract } from '../base/units.ts'
import { type Counted, figuresOf } from '../record/counted.ts'
import type { ProbeSample, ProbeTrouble } from '../record/events.ts'
import type { Probe } from './probe.ts'

export interface ProbeRunnerOptions {
  readonly probes: readonly Probe[]
  readonly every: Millis
  readonly clock: Clock
  /** The run's start on `clock`: samples are due at `origin`, `origin + every`, and so on. */
  readonly origin: Millis
  readonly publish: (event: ProbeSample | ProbeTrouble) => void
  /** How long a probe may take to start, to answer or to stop before it counts as silent; default 5 s. */
  readonly timeout?: Millis
}

/**
 * Samples every probe on an absolute schedule, each by itself: one that is slow, hung or broken costs its own samples
 * and nothing else. A sample that is still under way when the next is due takes that one's place. What goes wrong is
 * published once per message, and a probe that lost its target is started again at each later instant.
 */
export class ProbeRunner {
  readonly #options: ProbeRunnerOptions
  readonly #lanes: readonly Lane[]
  #cancel: () => void = () => {}
  #ticks = 0

  constructor(options: ProbeRunnerOptions) {
    this.#options = options
    this.#lanes = options.probes.map((probe) => new Lane(probe, options))
  }

  /** Starts all probes at once; resolves when each has started, failed, or run out of time. Never rejects. */
  async start(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.start()))
    const { clock, origin, every } = this.#options
    this.#ticks = Math.max(0, Math.floor(subtract(clock.now(), origin) / every))
    this.#schedule()
  }

  /** Takes a last sample from probes whose last one is half a period old, then stops all. Never rejects. */
  async stop(): Promise<void> {
    this.#cancel()
    await Promise.all(this.#lanes.map((lane) => lane.stop()))
  }

  #schedule(): void {
    const { clock, origin, every } = this.#options
    const missed = Math.floor(subtract(clock.now(), origin) / every)
    this.#ticks = Math.max(this.#ticks + 1, missed + 1)
    const due = millis(origin + this.#ticks * every)
    this.#cancel = clock.after(millis(Math.max(0, subtract(due, clock.now()))), () => {
      for (const lane of this.#lanes) lane.tick()
      this.#schedule()
    })
  }
}

/** One probe, and what it is at. */
class Lane {
  readonly #probe: Probe
  readonly #options: ProbeRunnerOptions
  readonly #timeout: Millis
  readonly #said = new Set<string>()
  #started = false
  #sampledAt: Millis | undefined
  #underWay: Promise<void> | undefined

  constructor(probe: Probe, options: ProbeRunnerOptions) {
    this.#probe = probe
    this.#options = options
    this.#timeout = options.timeout ?? millis(5000)
  }

  start(): Promise<void> {
    return this.#do('start', async () => {
      await this.#probe.start()
      this.#started = true
      for (const gap of this.#probe.gaps ?? []) this.#tell(gap)
    })
  }

  tick(): void {
    if (this.#underWay !== undefined) return
    void (this.#started ? this.#sample() : this.start())
  }

  async stop(): Promise<void> {
    const { clock, every } = this.#options
    const stale = this.#sampledAt === undefined || subtract(clock.now(), this.#sampledAt) >= every / 2
    if (this.#underWay === undefined && this.#started && stale) await this.#sample()
    for (const [figure, message] of this.#probe.missing ?? []) this.#tell(message, figure)
    // After the call under way, if it ends: a probe must not be stopped in the middle of starting.
    const settled = this.#underWay ?? Promise.resolve()
    await this.#withinTime(
      'stop',
      settled.then(() => this.#probe.stop()),
    ).catch(() => {})
  }

  #sample(): Promise<void> {
    return this.#do('sample', async (abandoned) => {
      const figures = await this.#probe.sample()
      this.#sampledAt = this.#options.clock.now()
      if (abandoned()) return
      this.#options.publish({ type: 'probe', probe: this.#probe.name, at: this.#at(), ...measured(figures) })
    })
  }

  /** Runs a call to the probe; it stays "under way" until it really ends, however long ago it was given up. */
  async #do(what: string, call: (abandoned: () => boolean) => Promise<void>): Promise<void> {
    let late = false
    const work = call(() => late)
    const settled = work.catch(() => {})
    this.#underWay = settled
    void settled.then(() => {
      this.#underWay = undefined
    })
    try {
      await this.#withinTime(what, work)
    } catch (error) {
      late = true
      this.#started &&= error instanceof Silence
      this.#tell(error)
    }
  }

  async #withinTime(what: string, work: Promise<void>): Promise<void> {
    let cancel = () => {}
    const silence = new Promise<never>((_, reject) => {
      cancel = this.#options.clock.after(this.#timeout, () =>
        reject(new Silence(this.#probe.name, what, this.#timeout)),
      )
    })
    try {
      await Promise.race([work, silence])
    } finally {
      cancel()
    }
  }

  #tell(error: unknown, figure?: string): void {
    const message = sentence(error)
    if (this.#said.has(message)) return
    this.#said.add(message)
    const about = figure === undefined ? {} : { figure }
    this.#options.publish({ type: 'probe.trouble', probe: this.#probe.name, at: this.#at(), message, ...about })
  }

  #at(): Millis {
    return subtract(this.#options.clock.now(), this.#options.origin)
  }
}

/** A sample's numbers, and what was counted beside the numbers that it gives. */
function measured(figures: Readonly<Record<string, number | Counted>>): Pick<ProbeSample, 'values' | 'counted'> {
  const values: Record<string, number> = {}
  const counted: Record<string, Counted> = {}
  for (const [name, figure] of Object.entries(figures)) {
    if (typeof figure === 'number') values[name] = figure
    else {
      counted[name] = figure
      Object.assign(values, figuresOf(name, figure))
    }
  }
  return Object.keys(counted).length === 0 ? { values } : { values, counted }
}

class Silence extends PlimsollError {
  constructor(probe: string, what: string, timeout: Millis) {
    super(
      'PROBE_FAILED',
      `the ${probe} probe did not ${what} within ${timeout} ms; its samples are skipped until it does`,
      {
        hint: 'See whether what it watches hangs, or leave the probe out of the plan.',
      },
    )
  }
}

function sentence(error: unknown): string {
  if (error instanceof PlimsollError)
    return error.hint === undefined ? error.message : `${error.message}. ${error.hint}`
  return error instanceof Error ? error.message : String(error)
}
