import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Clock } from '../../base/clock.ts'
import { PlimsollError } from '../../base/errors.ts'
import { add, type Millis, millis, seconds, subtract } from '../../base/units.ts'
import { Histogram } from '../../measure/histogram.ts'
import { decodeHistogram } from '../../measure/histogram-codec.ts'
import type { HostInterval, Phase, RunEventBody, StopReason } from '../../record/events.ts'
import { createPulse, type Pulse } from '../pulse.ts'
import type { CalibrationJob, Frame, FromWorker, LoadSettings, ToWorker, WorkerSettings } from '../wire.ts'
import { FrameQueue } from './frame-queue.ts'
import { LastReceivers } from './last-receivers.ts'
import { mergeFrames } from './merge-frames.ts'
import { helperThreads, ThreadPlacement } from './thread-placement.ts'
import { watchPulses } from './watchdog.ts'

export interface CoordinatorOptions {
  readonly workers: number
  /** The worker thread's entry module. */
  readonly entry: URL
  /** Unique to the run. */
  readonly run: string
  readonly clock: Clock
  readonly publish: (event: RunEventBody) => void
  readonly sampleHost: () => HostInterval
  /** A line that plan code printed in a worker. */
  readonly onOutput: (line: string) => void
}

/** What the coordinator needs to know of the load it directs. */
export interface LoadOutline {
  readonly journeys: readonly string[]
  readonly phaseAt: (t: Millis) => Phase
}

/**
 * Between sampling the machine, making an interval and publishing it. Where the system shares a core with this thread, a
 * second's work in one piece holds up an answer in five hundred by two milliseconds.
 */
const BREATH = millis(3)
/** Frames of other workers that may pass before a worker that sends none is left out of an interval. */
const PATIENCE = 3
/** A worker whose loop has stood still for this long is caught in a loop; garbage collections are shorter. */
const STUCK = seconds(5)
/** Between the order and the instant of the start: all workers must have heard it. */
const LEAD = millis(15)
/** How often every worker tells its last news. */
const SILENCES = 2
/** After the deadline of a stop: cut users still close connections and send a last frame. */
const LAST_WORDS = seconds(7)
/** After the calibration's own time, and what it waits for the last answers. */
const CALIBRATION_PATIENCE = seconds(5)

interface Thread {
  readonly worker: Worker
  readonly pulse: Pulse
  /** How often it has told its last news: once its last user had left, and again when all others had told theirs. */
  silences: number
  over: boolean
}

/** Starts the worker threads, directs them, and turns their frames into the run's intervals. */
export class Coordinator {
  readonly #options: CoordinatorOptions
  readonly #threads: Thread[]
  readonly #queue: FrameQueue
  readonly #lastReceivers: LastReceivers
  readonly #ready: Promise<readonly (number | undefined)[]>
  readonly #helpers: readonly number[]
  #outline: LoadOutline | undefined
  #startedAt = millis(0)
  #lastTo = millis(0)
  #rounds = 0
  #stop: StopReason | undefined
  #cancelKill: (() => void) | undefined
  #settle: (() => void) | undefined
  #placement: ThreadPlacement | undefined
  /** Sampled for the interval that is made next. */
  #host: HostInterval | undefined
  /** To be published next. */
  readonly #made: RunEventBody[] = []
  #cancelStep: (() => void) | undefined

  /** Threads are started at once, so that they load while the plan is read. */
  constructor(options: CoordinatorOptions) {
    this.#options = options
    this.#queue = new FrameQueue(options.workers, PATIENCE)
    this.#lastReceivers = new LastReceivers(options.workers)
    this.#helpers = helperThreads()
    const readiness: Promise<number | undefined>[] = []
    this.#threads = Array.from({ length: options.workers }, (_, index) => {
      const pulse = createPulse()
      const settings: WorkerSettings = {
        worker: index,
        workers: options.workers,
        run: options.run,
        pulse: pulse.buffer,
      }
      const worker = new Worker(options.entry, { workerData: settings, stdout: true, stderr: true })
      for (const stream of [worker.stdout, worker.stderr]) forwardLines(stream, options.onOutput)
      const thread: Thread = { worker, pulse, silences: 0, over: false }
      readiness.push(
        new Promise((resolve, reject) => {
          worker.on('message', (message: FromWorker) => {
            if (message.type === 'ready') resolve(message.thread)
            else if (message.type === 'failed') reject(planFailed(message))
            else this.#receive(index, thread, message)
          })
          worker.on('error', (error) => {
            reject(error)
            this.#lose(index, thread, error.message)
          })
          worker.on('exit', (code) => {
            reject(new PlimsollError('WORKER_LOST', `worker ${index} ended with code ${code} before it was ready`))
            this.#lose(index, thread, `its thread ended with code ${code}`)
          })
        }),
      )
      return thread
    })
    this.#ready = Promise.all(readiness)
    this.#ready.catch(() => undefined)
  }

  /** Every worker reads the plan; settles when all are ready to start. */
  async load(load: LoadSettings, outline: LoadOutline): Promise<void> {
    this.#outline = outline
    this.#tell({ type: 'load', load })
    await this.#ready
  }

  /**
   * Starts the load; settles when the last worker is done.
   * @param onStart told the instant on the clock from which the run's times count, once that is known
   */
  async run(data: unknown, onStart: (at: Millis) => void = () => {}): Promise<StopReason> {
    const { clock } = this.#options
    const workers = (await this.#ready).filter((id) => id !== undefined)
    this.#placement = await ThreadPlacement.make(this.#helpers, workers)
    this.#startedAt = millis(clock.now() + LEAD)
    const finished = new Promise<void>((resolve) => {
      this.#settle = resolve
    })
    this.#tell({ type: 'start', at: this.#startedAt, data })
    onStart(this.#startedAt)
    const unwatch = watchPulses(
      this.#threads.map(({ pulse }) => pulse),
      { clock, limit: STUCK, onStuck: ({ worker, journey, user }) => this.#stuck(worker, journey, user) },
    )
    this.#checkOver()
    await finished
    unwatch()
    this.#cancelKill?.()
    await this.#placement?.end()
    return this.#stop ?? { kind: 'finished' }
  }

  /**
   * What the workers, whose load has ended, add to the times of a server that is known.
   * @param server the kernel's id of that server's thread, which must not crowd a worker
   * @throws {PlimsollError} when a worker gives no answer
   */
  async calibrate(job: Omit<CalibrationJob, 'start'>, server: number | undefined): Promise<Histogram> {
    const { clock } = this.#options
    const workers = (await this.#ready).filter((id) => id !== undefined)
    const others = server === undefined ? this.#helpers : [...this.#helpers, server]
    // Where a worker had to be let go in the run, somebody else crowds its core still.
    const placement = this.#placement?.holds ? await ThreadPlacement.make(others, workers) : undefined
    const start = millis(clock.now() + LEAD)
    let cancel = () => {}
    const silent = new Promise<never>((_, reject) => {
      cancel = clock.after(add(job.duration, CALIBRATION_PATIENCE), () =>
        reject(new PlimsollError('WORKER_LOST', 'a worker did not end its calibration')),
      )
    })
    const answers = this.#threads.map(async ({ worker }) => {
      worker.postMessage({ type: 'calibrate', job: { ...job, start } } satisfies ToWorker)
      const [answer] = (await once(worker, 'message')) as [Extract<FromWorker, { type: 'calibrated' }>]
      return decodeHistogram(answer.errors)
    })
    try {
      const errors = new Histogram()
      for (const own of await Promise.race([Promise.all(answers), silent])) errors.add(own)
      return errors
    } finally {
      cancel()
      await placement?.end()
    }
  }

  /** Since the start; 0 before it. */
  get elapsed(): Millis {
    return this.#startedAt === 0 ? millis(0) : subtract(this.#options.clock.now(), this.#startedAt)
  }

  /** Ends the load: iterations under way get `grace`. A second call can only shorten what is left. */
  stop(reason: StopReason, grace: Millis): void {
    const { clock, publish } = this.#options
    this.#publishFrames()
    if (this.#stop === undefined) {
      this.#stop = reason
      publish({ type: 'stop', at: this.elapsed, reason })
    } else if (reason.kind === 'interrupted') {
      this.#stop = reason
    }
    this.#tell({ type: 'stop', deadline: millis(clock.now() + grace) })
    this.#cancelKill?.()
    this.#cancelKill = clock.after(millis(grace + LAST_WORDS), () => {
      this.#threads.forEach((thread, index) => {
        this.#lose(index, thread, 'it did not stop when told to')
      })
    })
  }

  /** Ends all threads at once, whatever they do. */
  async dispose(): Promise<void> {
    await Promise.all(
      this.#threads.map((thread) => {
        thread.over = true
        return thread.worker.terminate()
      }),
    )
  }

  #tell(message: ToWorker, except?: Thread): void {
    for (const thread of this.#threads) {
      if (!thread.over && thread !== except) thread.worker.postMessage(message)
    }
  }

  #receive(index: number, thread: Thread, message: FromWorker): void {
    if (thread.over) return
    if (message.type === 'frame') {
      this.#queue.add(message.frame)
      this.#host ??= this.#options.sampleHost()
      this.#cancelStep ??= this.#options.clock.after(BREATH, () => this.#step())
    } else if (message.type === 'news') {
      this.#tell(message, thread)
    } else if (message.type === 'gave up') {
      this.stop({ kind: 'error', code: message.code, message: message.message }, millis(0))
    } else if (message.type === 'silent') {
      thread.silences++
      this.#settleWhenSilent()
    } else if (message.type === 'done') {
      thread.over = true
      this.#queue.finished(index)
      this.#publishFrames()
      this.#checkOver()
    }
  }

  /**
   * Only when nobody publishes any more can anybody tell what was lost. Two rounds: a receipt that had waited for the
   * news of the first may tell a message's number in the second.
   */
  #settleWhenSilent(): void {
    const rounds = Math.min(...this.#threads.map(({ silences, over }) => (over ? SILENCES : silences)))
    if (rounds === this.#rounds) return
    this.#rounds = rounds
    this.#tell({ type: rounds < SILENCES ? 'last news' : 'settle' })
  }

  /** Makes intervals, or publishes those that were made a breath before. */
  #step(): void {
    this.#cancelStep = undefined
    this.#publishMade()
    this.#makeIntervals()
    if (this.#made.length > 0) this.#cancelStep = this.#options.clock.after(BREATH, () => this.#step())
  }

  /** At once, and all in one piece. */
  #publishFrames(): void {
    this.#cancelStep?.()
    this.#cancelStep = undefined
    this.#makeIntervals()
    this.#publishMade()
  }

  #publishMade(): void {
    for (let event = this.#made.shift(); event !== undefined; event = this.#made.shift()) this.#options.publish(event)
  }

  #makeIntervals(): void {
    for (let taken = this.#queue.take(); taken !== undefined; taken = this.#queue.take()) {
      this.#makeInterval(taken.index, taken.frames, taken.missing)
    }
  }

  #makeInterval(index: number, frames: readonly Frame[], missing: readonly number[]): void {
    for (const frame of frames) {
      this.#made.push(...frame.exemplars, ...frame.faults)
      this.#lastReceivers.add(frame.lastReceipts)
    }
    const interval = mergeFrames(frames, {
      index,
      from: this.#lastTo,
      phase: (from, to) => this.#phaseOf(from, to),
      host: this.#host ?? this.#options.sampleHost(),
      missingWorkers: missing,
      joint: this.#lastReceivers.take(),
    })
    this.#host = undefined
    void this.#placement?.check(subtract(interval.to, this.#lastTo))
    this.#lastTo = interval.to
    this.#made.push(interval)
  }

  /** An interval is steady only when it is steady from end to end, give or take the frames' own jitter. */
  #phaseOf(from: Millis, to: Millis): Phase {
    if (this.#stop !== undefined) return 'stopping'
    const phaseAt = this.#outline?.phaseAt ?? (() => 'steady' as const)
    const margin = (to - from) / 10
    const first = phaseAt(millis(from + margin))
    const last = phaseAt(millis(to - margin))
    return first === 'steady' ? last : first
  }

  #stuck(index: number, journey: number, user: number): void {
    const thread = this.#threads[index]
    if (thread === undefined || thread.over) return
    const name = this.#outline?.journeys[journey] ?? 'outside any journey'
    const message = `the journey '${name}' has not let the event loop turn for ${STUCK / 1000} s: an endless loop, or work that blocks`
    this.#options.publish({ type: 'fault', kind: 'looped', journey: name, user, message, stack: undefined, count: 1 })
    this.#lose(index, thread, message)
  }

  #lose(index: number, thread: Thread, why: string): void {
    if (thread.over) return
    thread.over = true
    void thread.worker.terminate()
    if (this.#startedAt === 0) return
    this.#queue.lost(index)
    const message = `worker ${index} was lost: ${why}`
    this.#options.publish({
      type: 'fault',
      kind: 'worker lost',
      journey: '',
      user: 0,
      message,
      stack: undefined,
      count: 1,
    })
    this.stop({ kind: 'worker lost', message }, seconds(0))
    this.#publishFrames()
    this.#settleWhenSilent()
    this.#checkOver()
  }

  #checkOver(): void {
    if (this.#threads.every(({ over }) => over)) this.#settle?.()
  }
}

function planFailed({ message, details }: Extract<FromWorker, { type: 'failed' }>): PlimsollError {
  return new PlimsollError('PLAN_UNREADABLE', `a worker could not load the plan: ${message}`, { details })
}

function forwardLines(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = (lines.pop() ?? '').slice(-64 * 1024)
    for (const line of lines) onLine(line)
  })
  stream.on('end', () => {
    if (rest !== '') onLine(rest)
  })
}
