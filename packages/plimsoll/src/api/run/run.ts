import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../base/clock.ts'
import { exitCodes, PlimsollError } from '../../base/errors.ts'
import { Coordinator } from '../../engine/coordinator/coordinator.ts'
import { judge } from '../../judge/judge.ts'
import type { Verdict } from '../../judge/verdict.ts'
import { HostSampler } from '../../probes/host/host-sampler.ts'
import { EventBus } from '../../record/bus.ts'
import type { RunStarted } from '../../record/events.ts'
import { RunFold } from '../../record/fold.ts'
import type { RunRecord } from '../../record/run-record.ts'
import { runFiles } from '../../store/run-files.ts'
import { RunWriter } from '../../store/run-writer.ts'
import { workerEntry } from '../entries.ts'
import { startSystem } from '../system/start-system.ts'
import { waitUntilReady } from '../system/wait-until-ready.ts'
import { LoadPhase } from './load-phase.ts'
import type { RunOptions, RunWatcher } from './options.ts'
import { type Prepared, prepare, startedEvent } from './prepare.ts'
import { systemFinder, systemPids } from './probes.ts'
import { rehearse } from './rehearse.ts'

export interface RunOutcome {
  readonly folder: string
  readonly record: RunRecord
  readonly verdict: Verdict
}

/** One run, from the plan file to the verdict. */
export class Run {
  readonly #options: RunOptions
  readonly #watcher: RunWatcher
  readonly #id = `${Date.now().toString(36)}${randomBytes(3).toString('hex')}`
  readonly #workers: number
  readonly #bus: EventBus
  readonly #fold = new RunFold()
  readonly #coordinator: Coordinator
  readonly #host: HostSampler
  readonly #givenUp = new AbortController()
  #load: LoadPhase | undefined
  #systemPids: readonly number[] = []
  #interrupts = 0

  /** Starts the worker threads, so that they load while the plan is read; `start` must follow. */
  constructor(options: RunOptions, watcher: RunWatcher) {
    this.#options = options
    this.#watcher = watcher
    this.#workers = options.workers ?? Math.max(1, availableParallelism() - 1)
    this.#bus = new EventBus((error) => watcher.log(`a listener of the run failed: ${String(error)}`))
    this.#host = new HostSampler(() => this.#systemPids)
    this.#coordinator = new Coordinator({
      workers: this.#workers,
      entry: workerEntry,
      run: this.#id,
      clock: systemClock,
      publish: (event) => this.#bus.publish(event),
      sampleHost: () => this.#host.sample(),
      onOutput: (line) => watcher.log(line),
    })
  }

  /**
   * The first time: begin nothing more, let what is under way finish, judge, report. The second time: cut what is under
   * way. Before the load has begun, the run is given up.
   */
  interrupt(signal: string): void {
    const forced = ++this.#interrupts > 1
    if (this.#load === undefined) {
      this.#givenUp.abort(
        new PlimsollError('INTERRUPTED', 'interrupted before there was any load', { exitCode: exitCodes.interrupted }),
      )
      return
    }
    this.#watcher.stage({ kind: 'stopping', why: forced ? 'cutting what is under way' : 'finishing what is under way' })
    this.#load.interrupt(signal, forced)
  }

  /** @throws {PlimsollError} when there is nothing to judge: a wrong plan, a system that did not get ready */
  async start(): Promise<RunOutcome> {
    const scratch = await mkdtemp(join(tmpdir(), 'plimsoll-'))
    try {
      this.#watcher.stage({ kind: 'preparing', what: 'reading the plan' })
      const prepared = await prepare(this.#options, scratch)
      return await this.#record(prepared)
    } finally {
      await this.#coordinator.dispose()
      await rm(scratch, { recursive: true, force: true })
    }
  }

  /** Opens the run's folder, and keeps everything that happens from here on. */
  async #record(prepared: Prepared): Promise<RunOutcome> {
    const { plan, profile } = prepared
    const writer = RunWriter.create(this.#options.out ?? join('.plimsoll', 'runs'), {
      startedAt: new Date(),
      plan: plan.name,
      profile: profile.name,
      onTrouble: (error) => this.#watcher.log(`${error.message}. ${error.hint ?? ''}`),
    })
    this.#bus.subscribe((event) => this.#fold.apply(event))
    this.#bus.subscribe((event) => writer.append(event))
    this.#bus.subscribe((event) => this.#watcher.event(event, () => this.#fold.record))
    try {
      await this.#drive(prepared, writer.folder)
    } finally {
      writer.close()
    }
    this.#watcher.stage({ kind: 'finishing', what: 'judging' })
    const { record } = this.#fold
    return { folder: writer.folder, record, verdict: judge(record) }
  }

  /** The system up, the load through it, the system down. */
  async #drive(prepared: Prepared, folder: string): Promise<void> {
    const { plan, profile, url } = prepared
    const { signal } = this.#givenUp
    const spec = this.#options.start === false ? { ...plan.system, start: undefined } : plan.system
    this.#watcher.stage({
      kind: 'preparing',
      what: spec.start === undefined ? 'looking for the system' : 'starting the system',
    })
    const system = startSystem(spec, join(folder, runFiles.log))
    try {
      await waitUntilReady(url, spec, system, signal)
      const findSystem = systemFinder(plan, url, () => system.pid)
      const load = new LoadPhase(prepared, system, findSystem, this.#coordinator, this.#bus, this.#fold, this.#watcher)
      const settingUp = load.setUp(signal)
      // Nobody waits for this: workers are loading the plan meanwhile.
      if (profile.shapes.some(({ model }) => model === 'open')) this.#rehearse(prepared)
      const data = await settingUp
      this.#systemPids = await systemPids(plan, findSystem)
      // The first look at a system's processes takes tens of milliseconds: not in the load's first second.
      this.#host.sample()
      signal.throwIfAborted()
      this.#bus.publish(this.#startedEvent(prepared))
      this.#load = load
      const reason = await load.run(data)
      this.#bus.publish({ type: 'run.ended', at: this.#coordinator.elapsed, reason })
    } finally {
      this.#watcher.stage({ kind: 'finishing', what: 'stopping the system' })
      await system.stop()
    }
  }

  #rehearse(prepared: Prepared): void {
    rehearse(this.#startedEvent(prepared), this.#host, prepared.scratch)
  }

  #startedEvent(prepared: Prepared): RunStarted {
    return startedEvent(prepared, { run: this.#id, startedAt: new Date(), workers: this.#workers })
  }
}
