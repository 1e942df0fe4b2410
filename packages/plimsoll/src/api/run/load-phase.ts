import { systemClock } from '../../base/clock.ts'
import { PlimsollError } from '../../base/errors.ts'
import { type Millis, millis, seconds } from '../../base/units.ts'
import type { Coordinator } from '../../engine/coordinator/coordinator.ts'
import type { SetupClient } from '../../engine/setup-client.ts'
import { LiveJudge } from '../../judge/thresholds/live.ts'
import type { SetupContext } from '../../plan/compiled.ts'
import { phaseAt } from '../../plan/phase.ts'
import { ProbeRunner } from '../../probes/runner.ts'
import type { EventBus } from '../../record/bus.ts'
import type { StopReason } from '../../record/events.ts'
import type { RunFold } from '../../record/fold.ts'
import { calibrate } from '../calibration/calibrate.ts'
import type { RunningSystem } from '../system/start-system.ts'
import type { RunWatcher } from './options.ts'
import type { Prepared } from './prepare.ts'
import { createProbes } from './probes.ts'

/** A run that was told to stop lets iterations under way go on for this long, or the longest of its shapes' times. */
const LEAST_GRACE = seconds(2)
/** A load shorter than this is not worth three seconds of self-calibration. */
const CALIBRATED_FROM = seconds(20)

/** The part of a run in which there is load, with `setup` before and `teardown` after it. */
export class LoadPhase {
  readonly #prepared: Prepared
  readonly #system: RunningSystem
  readonly #findSystem: () => Promise<number | undefined>
  readonly #coordinator: Coordinator
  readonly #bus: EventBus
  readonly #fold: RunFold
  readonly #watcher: RunWatcher
  #client: SetupClient | undefined

  constructor(
    prepared: Prepared,
    system: RunningSystem,
    findSystem: () => Promise<number | undefined>,
    coordinator: Coordinator,
    bus: EventBus,
    fold: RunFold,
    watcher: RunWatcher,
  ) {
    this.#prepared = prepared
    this.#system = system
    this.#findSystem = findSystem
    this.#coordinator = coordinator
    this.#bus = bus
    this.#fold = fold
    this.#watcher = watcher
  }

  /** The plan's `setup`, while the workers read the plan. Returns what `setup` returned. */
  async setUp(signal: AbortSignal): Promise<unknown> {
    const { plan, profile, load } = this.#prepared
    const ready = this.#coordinator.load(load, {
      journeys: plan.journeys.map(({ name }) => name),
      phaseAt: (t) => phaseAt(profile.shapes, t, profile.warmUp),
    })
    let data: unknown
    if (plan.setup !== undefined) {
      this.#watcher.stage({ kind: 'preparing', what: 'running setup' })
      const context = await this.#context()
      try {
        data = await raceAbort(Promise.resolve(plan.setup(context)), signal)
        structuredClone(data)
      } catch (error) {
        signal.throwIfAborted()
        throw setupFailed(error)
      }
    }
    await raceAbort(ready, signal)
    return data
  }

  /** The load itself; settles with why it ended, after teardown and calibration. */
  async run(data: unknown): Promise<StopReason> {
    this.#watcher.stage({ kind: 'running' })
    let endProbes = async () => {}
    const loading = this.#coordinator.run(data, (origin) => {
      endProbes = this.#beginProbes(origin)
    })
    const unsubscribe = this.#watchThresholds()
    void this.#system.died.then((message) => this.#coordinator.stop({ kind: 'system died', message }, seconds(0)))
    const reason = await loading
    unsubscribe()
    await endProbes()
    await this.#tearDown(data)
    if (reason.kind === 'finished') await this.#calibrate()
    return reason
  }

  #beginProbes(origin: Millis): () => Promise<void> {
    const { plan } = this.#prepared
    const probes = new ProbeRunner({
      probes: createProbes(plan, this.#findSystem),
      every: plan.probes.every,
      clock: systemClock,
      origin,
      publish: (event) => this.#bus.publish(event),
    })
    const probing = probes.start()
    return async () => {
      await probing
      await probes.stop()
    }
  }

  interrupt(signal: string, forced: boolean): void {
    this.#coordinator.stop({ kind: 'interrupted', signal, forced }, forced ? seconds(0) : this.#grace)
  }

  get #grace(): Millis {
    return millis(Math.max(LEAST_GRACE, ...this.#prepared.profile.shapes.map(({ gracefulStop }) => gracefulStop)))
  }

  /** Most plans have neither setup nor teardown: their main thread never loads what users are made of. */
  async #context(): Promise<SetupContext> {
    const { plan, profile, load, url } = this.#prepared
    const { createSetupClient } = await import('../../engine/setup-client.ts')
    this.#client ??= createSetupClient(plan, load)
    return { http: this.#client.http, url, seed: plan.seed, profile: profile.name }
  }

  /** Thresholds that abort, and the criteria of `until`, looked at after every interval. */
  #watchThresholds(): () => void {
    const { profile } = this.#prepared
    const live = new LiveJudge(profile)
    return this.#bus.subscribe((event) => {
      if (event.type !== 'interval') return
      const reason = live.check(event, () => this.#fold.record)
      if (reason !== undefined) this.#coordinator.stop(reason, this.#grace)
    })
  }

  async #calibrate(): Promise<void> {
    const { record } = this.#fold
    if (record.duration < CALIBRATED_FROM) return
    this.#watcher.stage({ kind: 'finishing', what: 'calibrating the generator (3 s)' })
    try {
      const calibration = await calibrate(record, this.#coordinator)
      if (calibration !== undefined) this.#bus.publish(calibration)
    } catch (error) {
      // The run is measured; without its calibration only that one check is missing.
      this.#watcher.log(`the generator could not be calibrated: ${error instanceof Error ? error.message : error}`)
    }
  }

  async #tearDown(data: unknown): Promise<void> {
    const { teardown } = this.#prepared.plan
    if (teardown !== undefined) {
      this.#watcher.stage({ kind: 'finishing', what: 'running teardown' })
      try {
        await teardown(await this.#context(), data as never)
      } catch (error) {
        this.#watcher.log(`teardown failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
      }
    }
    this.#client?.close()
  }
}

function setupFailed(error: unknown): PlimsollError {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return new PlimsollError('SETUP_FAILED', `the plan's setup failed: ${message}`, {
    hint: 'setup runs once before the load; what it returns must be plain data.',
    details: error instanceof Error ? (error.stack ?? '').split('\n').slice(1, 6) : [],
    cause: error,
  })
}

function raceAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
