import type { MessagePort } from 'node:worker_threads'
import type { Clock } from '../../base/clock.ts'
import { PlimsollError } from '../../base/errors.ts'
import { add, type Millis, millis, seconds, subtract } from '../../base/units.ts'
import { encodeHistogram } from '../../measure/histogram-codec.ts'
import { Recorder } from '../../measure/recorder.ts'
import type { CompiledPlan, CompiledProfile } from '../../plan/compiled.ts'
import { mostUsers } from '../../plan/stages.ts'
import { createExecutor } from '../executors/create.ts'
import { Crew } from '../executors/crew.ts'
import type { Executor } from '../executors/executor.ts'
import { createPulse } from '../pulse.ts'
import { globalIndex } from '../share.ts'
import { startOutages } from '../sockets/outages.ts'
import { threadId } from '../thread-id.ts'
import type { VuContext } from '../vu/context.ts'
import { createVuContext } from '../vu/create-context.ts'
import { createObserver } from '../vu/observe.ts'
import { createSourceAddresses } from '../vu/source-addresses.ts'
import { VirtualUser } from '../vu/virtual-user.ts'
import type { Frame, FromWorker, LoadSettings, ToWorker, WorkerSettings } from '../wire.ts'
import { measureOwnError } from './calibrate.ts'
import { FaultBook } from './fault-book.ts'
import { rehearseArrivals } from './rehearse.ts'
import { SelfCheck, type Workload } from './self-check.ts'
import { Timeline } from './timeline.ts'

const FRAME = seconds(1)
const TEND = millis(100)

/** How a worker comes by its plan: the loader is another rank's, so it is handed in. */
export type ReadPlan = (load: LoadSettings) => Promise<{ plan: CompiledPlan; profile: CompiledProfile }>

/** One worker thread: its share of every shape's users, its own recorder, a frame each second. */
export class LoadWorker {
  readonly #port: MessagePort
  readonly #settings: WorkerSettings
  readonly #clock: Clock
  readonly #readPlan: ReadPlan
  readonly #recorder = new Recorder()
  readonly #faults = new FaultBook()
  readonly #selfCheck: SelfCheck
  readonly #sleeps: Timeline
  readonly #arrivals: Timeline
  #context: VuContext | undefined
  #executors: Executor[] = []
  #frames = 0
  #frameFrom = millis(0)
  #taken: { readonly frame: Omit<Frame, 'generator'>; readonly workload: Workload } | undefined
  #finished = false

  constructor(port: MessagePort, settings: WorkerSettings, clock: Clock, readPlan: ReadPlan) {
    this.#port = port
    this.#settings = settings
    this.#clock = clock
    this.#readPlan = readPlan
    this.#selfCheck = new SelfCheck(settings.worker)
    this.#sleeps = new Timeline(clock, { precise: false })
    this.#arrivals = new Timeline(clock, { precise: true })
    port.on('message', (message: ToWorker) => this.#receive(message))
  }

  /** Something thrown outside every journey: a timer or an event handler of the plan's own. */
  stray(cause: unknown): void {
    const { journey, user } = createPulse(this.#settings.pulse).read()
    const name = this.#context?.plan.journeys[journey]?.name ?? 'outside any journey'
    this.#faults.add({ kind: 'threw', journey: name, user, cause })
  }

  #receive(message: ToWorker): void {
    switch (message.type) {
      case 'load':
        this.#load(message.load).then(
          () => this.#send({ type: 'ready', thread: threadId() }),
          (error: unknown) => this.#send(failure(error)),
        )
        return
      case 'start':
        this.#start(message.at, message.data)
        return
      case 'stop':
        this.#stop(message.deadline)
        return
      case 'news':
        this.#context?.deliveries.hear(message.news)
        return
      case 'last news':
        this.#fallSilent()
        return
      case 'settle':
        this.#finish()
        return
      case 'calibrate':
        void measureOwnError(this.#clock, this.#settings, message.job).then((errors) =>
          this.#send({ type: 'calibrated', errors: encodeHistogram(errors) }),
        )
        return
    }
  }

  async #load(load: LoadSettings): Promise<void> {
    const { plan, profile } = await this.#readPlan(load)
    if (profile.shapes.some(({ model }) => model === 'open')) await rehearseArrivals(this.#clock)
    const { worker, workers } = this.#settings
    const context = createVuContext({
      plan,
      profile,
      settings: this.#settings,
      load,
      clock: this.#clock,
      recorder: this.#recorder,
      timeline: this.#sleeps,
      faults: this.#faults,
      tellNews: workers > 1 ? (news) => this.#send({ type: 'news', news }) : undefined,
      giveUp: (code, text) => this.#send({ type: 'gave up', code, message: text }),
    })
    this.#context = context
    const observer = createObserver(context)
    const addressOf = createSourceAddresses(plan.http.sourceAddresses, load.url, mostUsers(profile))
    let users = 0
    const nextUserId = () => globalIndex(users++, worker, workers) + 1
    this.#executors = profile.shapes.map((shape) => {
      const crew = new Crew(
        shape,
        context,
        (identity) => new VirtualUser(context, identity, observer, addressOf(identity.id - 1)),
        nextUserId,
      )
      return createExecutor(shape, crew, this.#arrivals)
    })
  }

  #start(at: Millis, data: unknown): void {
    const context = this.#context
    if (context === undefined) return
    context.startedAt = at
    context.data = data
    this.#frameFrom = at
    this.#clock.after(millis(Math.max(0, at - this.#clock.now())), () => this.#selfCheck.restart())
    for (const executor of this.#executors) executor.start(at)
    this.#scheduleFrame(at)
    this.#tend()
    startOutages(context, at)
    void Promise.all(this.#executors.map(({ done }) => done)).then(() => this.#fallSilent())
  }

  /** The last user has left; what the others still publish is heard until they have fallen silent too. */
  #fallSilent(): void {
    this.#context?.deliveries.fallSilent()
    if (this.#settings.workers === 1) this.#finish()
    else this.#send({ type: 'silent' })
  }

  #stop(deadline: Millis): void {
    if (this.#context !== undefined) {
      this.#context.stopping = true
      this.#context.deadline = deadline
    }
    for (const executor of this.#executors) executor.stop(deadline)
    this.#sleeps.flush()
  }

  /** The n-th frame ends n seconds after the start, however late the one before was. */
  #scheduleFrame(at: Millis): void {
    const due = add(at, millis((this.#frames + 1) * FRAME))
    this.#clock.after(millis(Math.max(0, due - this.#clock.now())), () => {
      if (this.#finished) return
      this.#takeFrame()
      // What comes in between the halves is read between them: a request in five hundred would else look half a millisecond slower.
      this.#clock.soon(() => this.#sendFrame())
      this.#scheduleFrame(at)
    })
  }

  #tend(): void {
    if (this.#finished) return
    createPulse(this.#settings.pulse).beat()
    const now = this.#clock.now()
    for (const executor of this.#executors) executor.tend(now)
    this.#clock.after(TEND, () => this.#tend())
  }

  #finish(): void {
    if (this.#finished) return
    this.#finished = true
    this.#sendFrame()
    this.#context?.deliveries.ledger.settle(this.#clock.now())
    this.#takeFrame()
    this.#sendFrame()
    this.#selfCheck.stop()
    this.#context?.http.close()
    this.#send({ type: 'done' })
  }

  /** Everything that was counted until this instant. */
  #takeFrame(): void {
    const context = this.#context
    if (context === undefined) return
    const to = this.#clock.now()
    const from = this.#frameFrom
    this.#frameFrom = to
    const { traffic, http, sockets, deliveries } = context
    if (!this.#finished) deliveries.ledger.tend(to)
    const { counts, last } = deliveries.ledger.take()
    const recorded = this.#recorder.swap()
    for (const socket of context.openSockets) {
      const { sent, received } = socket.takeTraffic()
      traffic.sent += sent
      traffic.received += received
    }
    this.#taken = {
      frame: {
        index: this.#frames++,
        from: subtract(from, context.startedAt),
        to: subtract(to, context.startedAt),
        ...recorded,
        shapes: this.#executors.map((executor) => executor.sample()),
        connections: sockets.takeConnections(),
        messages: sockets.takeMessages(),
        deliveries: counts,
        lastReceipts: last,
        bytesSent: traffic.sent,
        bytesReceived: traffic.received,
        exemplars: context.exemplars.take(),
        faults: this.#faults.take(context.redact),
      },
      workload: {
        openConnections: http.openConnections,
        inFlightRequests: http.inFlight,
        inFlightArea: http.inFlightArea(),
        timeAtCap: Math.max(0, ...this.#executors.map((executor) => executor.takeTimeAtCap?.() ?? 0)),
        idleTurning: this.#arrivals.takeIdle(),
      },
    }
    traffic.sent = 0
    traffic.received = 0
  }

  #sendFrame(): void {
    if (this.#taken === undefined) return
    const { frame, workload } = this.#taken
    this.#taken = undefined
    const generator = this.#selfCheck.sample(subtract(frame.to, frame.from), workload)
    this.#send(
      { type: 'frame', frame: { ...frame, generator } },
      frame.series.map(({ histogram }) => histogram.buffer as ArrayBuffer),
    )
  }

  #send(message: FromWorker, transfer: ArrayBuffer[] = []): void {
    this.#port.postMessage(message, transfer)
  }
}

function failure(error: unknown): FromWorker {
  if (!(error instanceof Error)) return { type: 'failed', message: String(error), details: [] }
  const details = error instanceof PlimsollError ? error.details : (error.stack ?? '').split('\n').slice(1, 6)
  return { type: 'failed', message: error.message, details }
}
