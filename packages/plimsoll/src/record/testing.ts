import { type Millis, micros, millis } from '../base/units.ts'
import { encodeBase64 } from '../measure/base64.ts'
import type { DeliveryCounts } from '../measure/deliveries/types.ts'
import { Histogram } from '../measure/histogram.ts'
import { encodeHistogram } from '../measure/histogram-codec.ts'
import type { CompiledShape, ThresholdSpec } from '../plan/compiled.ts'
import type {
  ConnectionInterval,
  GeneratorInterval,
  HostInterval,
  Interval,
  MessageInterval,
  Phase,
  ProbeSample,
  RunEvent,
  RunEventBody,
  RunStarted,
  SeriesInterval,
  ShapeInterval,
  StopReason,
} from './events.ts'

/** Builders of runs for tests: everything quiet and healthy unless said otherwise. Not for production code. */

export interface SeriesInput {
  readonly metric?: string
  readonly scope?: SeriesInterval['scope']
  readonly name?: string
  /** Durations in milliseconds. */
  readonly values: readonly number[]
  readonly failed?: number
  readonly censored?: number
}

function seriesInterval(input: SeriesInput): SeriesInterval {
  const { metric = 'http.response_time', scope = 'all', name = '', values, failed = 0, censored = 0 } = input
  const histogram = new Histogram()
  for (const value of values) histogram.record(micros(Math.round(value * 1000)))
  const { count, sum, min, max } = histogram
  const text = encodeBase64(encodeHistogram(histogram))
  return { metric, scope, name, count, failed, censored, sum, min, max, histogram: text }
}

const quietGenerator: GeneratorInterval = {
  worker: 0,
  loopDelayP50: 0.1,
  loopDelayP99: 1,
  loopDelayMax: 3,
  utilization: 0.2,
  cpu: 0.2,
  gcMs: 2,
  heapBytes: 20e6,
  clockStep: 0,
  openConnections: 10,
  inFlightRequests: 1,
  inFlightArea: 0,
  atCap: 0,
}

const quietHost: HostInterval = {
  cpuTotal: 0.6,
  cpuGenerator: 0.2,
  cpuSystem: 0.4,
  cores: 2,
  steal: 0,
  throttled: 0,
  pressure: 0.01,
  rssBytes: 80e6,
  openFiles: 50,
  maxFiles: 1024,
}

const idleShape: ShapeInterval = {
  shape: 'users',
  users: 10,
  target: 10,
  scheduled: 0,
  started: 0,
  dropped: 0,
  completed: 0,
  failed: 0,
  aborted: 0,
  inFlight: 0,
}

const noConnections: ConnectionInterval = {
  protocol: 'socketio',
  open: 0,
  away: 0,
  opened: 0,
  failed: 0,
  closed: 0,
  cut: 0,
  lost: 0,
  reconnected: 0,
  neverBack: 0,
  recovered: 0,
  notRecovered: 0,
}

const noMessages: MessageInterval = { protocol: 'socketio', direction: 'in', name: 'message', count: 0, bytes: 0 }

const noDeliveries: DeliveryCounts = {
  event: 'message',
  room: 'room-1',
  published: 0,
  expected: 0,
  received: 0,
  late: 0,
  lost: 0,
  duplicated: 0,
  outOfOrder: 0,
  foreign: 0,
  uncertain: 0,
  unexpected: 0,
  settledEarly: 0,
}

export interface IntervalInput {
  readonly phase?: Phase
  readonly series?: readonly SeriesInput[]
  readonly shapes?: readonly Partial<ShapeInterval>[]
  readonly checks?: Interval['checks']
  readonly errors?: Interval['errors']
  /** Socket.IO, the event `message` and the room `room-1` unless said otherwise. */
  readonly connections?: readonly Partial<ConnectionInterval>[]
  readonly messages?: readonly Partial<MessageInterval>[]
  readonly deliveries?: readonly Partial<DeliveryCounts>[]
  readonly generator?: Partial<GeneratorInterval>
  readonly generators?: readonly Partial<GeneratorInterval>[]
  readonly host?: Partial<HostInterval>
  readonly bytesReceived?: number
  readonly missingWorkers?: readonly number[]
  readonly overflowed?: readonly string[]
  readonly length?: number
}

/** One exchange, in milliseconds since the run's start. */
export interface ExchangeInput {
  readonly begin: number
  readonly end: number
  readonly failed?: boolean
  readonly censored?: boolean
}

/**
 * The exchanges as intervals that end at `ends`, each in the one it ended in; `stopping` are those that begin at
 * `loadEnd` or later. Failures have a series of their own, as the engine records them.
 */
export function intervalsOfExchanges(
  exchanges: readonly ExchangeInput[],
  { ends, loadEnd, steadyEnd = loadEnd }: { ends: readonly number[]; loadEnd: number; steadyEnd?: number },
): IntervalInput[] {
  return ends.map((to, i) => {
    const from = i === 0 ? 0 : (ends[i - 1] ?? 0)
    const ended = exchanges.filter(({ end }) => end > from && end <= to)
    const failures = ended.filter(({ failed }) => failed)
    const values = (all: readonly ExchangeInput[]) => all.map(({ begin, end }) => end - begin)
    const all = { values: values(ended), failed: failures.length, censored: ended.filter((one) => one.censored).length }
    const failed = { metric: 'http.failed_time', values: values(failures), failed: failures.length }
    return {
      phase: from >= loadEnd ? 'stopping' : from >= steadyEnd ? 'ramp' : 'steady',
      length: to - from,
      series: ended.length === 0 ? [] : [all, ...(failures.length === 0 ? [] : [failed])],
    }
  })
}

const twoMinutes: CompiledShape = {
  model: 'closed',
  name: 'users',
  startAfter: millis(0),
  journeys: [],
  gracefulStop: millis(30_000),
  stages: [{ kind: 'hold', duration: millis(120_000), from: 10, to: 10 }],
}

/** The events of one run, interval by interval. */
export class RunBuilder {
  readonly events: RunEvent[] = []
  #at = 0
  #index = 0

  constructor(plan: Partial<RunStarted['plan']> = {}) {
    this.add({
      type: 'run.started',
      version: 1,
      run: 'test',
      startedAt: '2026-01-01T00:00:00.000Z',
      plan: {
        name: 'test',
        file: 'test.plan.ts',
        source: '',
        profile: 'normal',
        url: 'http://127.0.0.1:3000',
        seed: 1,
        scale: 1,
        workers: 1,
        journeys: [{ name: 'journey', weight: 1 }],
        shapes: [twoMinutes],
        thresholds: [],
        warmUp: millis(0),
        judge: 'steady',
        duration: millis(150_000),
        tags: {},
        ...plan,
      },
      machine: {
        hostname: 'test',
        platform: 'linux',
        release: '6',
        cpuModel: 'test',
        cores: 2,
        memoryBytes: 4e9,
        node: '20',
        plimsoll: '0',
      },
    })
  }

  get at(): Millis {
    return millis(this.#at)
  }

  add(body: RunEventBody): this {
    this.events.push({ ...body, seq: this.events.length })
    return this
  }

  interval(input: IntervalInput = {}): this {
    const { length = 1000, generators = [input.generator ?? {}], overflowed, connections, messages, deliveries } = input
    const from = millis(this.#at)
    this.#at += length
    return this.add({
      type: 'interval',
      index: this.#index++,
      from,
      to: millis(this.#at),
      phase: input.phase ?? 'steady',
      series: (input.series ?? []).map(seriesInterval),
      shapes: (input.shapes ?? [{}]).map((shape) => ({ ...idleShape, ...shape })),
      checks: input.checks ?? [],
      errors: input.errors ?? [],
      ...(connections && { connections: connections.map((one) => ({ ...noConnections, ...one })) }),
      ...(messages && { messages: messages.map((one) => ({ ...noMessages, ...one })) }),
      ...(deliveries && { deliveries: deliveries.map((one) => ({ ...noDeliveries, ...one })) }),
      bytesSent: 0,
      bytesReceived: input.bytesReceived ?? 0,
      generators: generators.map((one) => ({ ...quietGenerator, ...one })),
      host: { ...quietHost, ...input.host },
      missingWorkers: input.missingWorkers ?? [],
      ...(overflowed === undefined ? {} : { overflowed }),
    })
  }

  /** `count` intervals, each from the same recipe. */
  intervals(count: number, recipe: (index: number) => IntervalInput): this {
    for (let i = 0; i < count; i++) this.interval(recipe(i))
    return this
  }

  probe(probe: string, values: Readonly<Record<string, number>>, counted?: ProbeSample['counted']): this {
    return this.add({ type: 'probe', probe, at: this.at, values, ...(counted !== undefined && { counted }) })
  }

  end(reason: StopReason = { kind: 'finished' }): this {
    if (reason.kind !== 'finished') this.add({ type: 'stop', at: this.at, reason })
    return this.add({ type: 'run.ended', at: this.at, reason })
  }
}

/** A threshold `subject metric limit`, `p95 < 300 ms` of all traffic unless said otherwise. */
export const threshold = (spec: Partial<ThresholdSpec> = {}): ThresholdSpec => ({
  subject: 'http',
  metric: 'p95',
  limit: '< 300ms',
  scope: { kind: 'all' },
  series: 'response',
  statistic: { kind: 'quantile', q: 0.95 },
  comparison: '<',
  value: 300,
  unit: 'ms',
  abortAfter: undefined,
  ...spec,
})
