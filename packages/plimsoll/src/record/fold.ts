import { PlimsollError } from '../base/errors.ts'
import { type Millis, millis } from '../base/units.ts'
import { ExemplarPicker } from '../measure/exemplars.ts'
import { begunBefore } from './drain.ts'
import type {
  Calibration,
  Exemplar,
  Fault,
  Interval,
  ProbeSample,
  ProbeTrouble,
  RunEvent,
  RunStarted,
  SeriesInterval,
  StopReason,
} from './events.ts'
import { isJudgedPhase } from './judged-points.ts'
import type { CheckTotals, ProbeRecord, RunRecord, ShapeTotals } from './run-record.ts'
import { SocketTotals } from './socket-totals.ts'
import { Timeline } from './timeline.ts'
import { addArrivals, addDrained, addToTotals, noTotals } from './totals.ts'
import { checkVersion } from './version.ts'

const EXEMPLARS = { slowest: 5, failed: 3, kinds: 1000 }

type Growing<T> = { -readonly [K in keyof T]: T[K] }
type Ending = { readonly at: Millis; readonly reason: StopReason }

/**
 * Sums a run up, event by event; the same for a live run, a stored one and one that was killed in the middle. `record`
 * is cheap enough to be asked every second. It is a view: what it holds grows with the next `apply`.
 *
 * Judged are the steady intervals when the plan says so and there are any, otherwise everything after the warm-up. What
 * ends later, in a ramp or while the run is stopping, is judged if it was under way when the judged part ended: a system
 * that hangs then answers, or is given up, only there. It does not lengthen the judged duration.
 */
export class RunFold {
  #started: RunStarted | undefined
  #ended: Ending | undefined
  #stop: Ending | undefined
  #duration = millis(0)
  #window: RunRecord['judged']['window'] = 'after warm-up'
  #judgedDuration = 0
  /** Where the last judged interval ended; undefined before the first. */
  #judgedUntil: Millis | undefined
  /** The load's last interval is judged: nothing has begun since. */
  #isLoadJudged = false
  #judgedTotals = noTotals()
  #lostWorkers: readonly number[] = []
  #calibration: Calibration | undefined
  readonly #totals = noTotals()
  readonly #timeline = new Timeline()
  readonly #sockets = new SocketTotals()
  readonly #shapes = new Map<string, Growing<ShapeTotals>>()
  readonly #checks = new Map<string, Growing<CheckTotals>>()
  readonly #errors = new Map<string, { readonly code: string; readonly name: string; count: number }>()
  readonly #exemplars = new ExemplarPicker<Exemplar>(EXEMPLARS)
  readonly #faults = new Map<string, Fault & { count: number }>()
  readonly #probes = new Map<string, { samples: Omit<ProbeSample, 'type' | 'probe'>[]; trouble: ProbeTrouble[] }>()
  readonly #overflowed = new Set<string>()

  /** @throws {PlimsollError} RUN_TOO_NEW for events of a newer version */
  apply(event: RunEvent): void {
    switch (event.type) {
      case 'run.started':
        checkVersion(event.version)
        this.#started = event
        break
      case 'interval':
        this.#addInterval(event)
        break
      case 'exemplar':
        if (event.reason === 'slow') this.#exemplars.offerSlow(event.endpoint, event.total, event)
        else this.#exemplars.offerFailed(`${event.code}\n${event.endpoint}`, event)
        break
      case 'fault':
        this.#addFault(event)
        break
      case 'probe':
        this.#addSample(event)
        break
      case 'probe.trouble':
        this.#probe(event.probe).trouble.push(event)
        break
      case 'calibration':
        this.#calibration = event
        break
      case 'stop':
        this.#stop ??= { at: event.at, reason: event.reason }
        break
      case 'run.ended':
        this.#ended = { at: event.at, reason: event.reason }
        break
      default:
        // A type that a later release of the same version added.
        event satisfies never
    }
  }

  /** @throws {PlimsollError} RUN_UNREADABLE before the first event of a run */
  get record(): RunRecord {
    if (this.#started === undefined) {
      throw new PlimsollError('RUN_UNREADABLE', 'the run has no beginning: its first event, run.started, is missing', {
        hint: 'The file is empty or damaged; run the plan again.',
      })
    }
    return {
      started: this.#started,
      ended: this.#ended,
      stop: this.#stop,
      duration: this.#duration,
      judged: { duration: millis(this.#judgedDuration), window: this.#window },
      timeline: this.#timeline.points,
      series: this.#timeline.series,
      shapes: [...this.#shapes.values()],
      judgedTotals: { ...this.#judgedTotals },
      totals: { ...this.#totals },
      checks: [...this.#checks.values()],
      errors: [...this.#errors.values()],
      exemplars: this.#exemplars.kept,
      faults: [...this.#faults.values()],
      probes: [...this.#probes].map(([probe, rest]): ProbeRecord => ({ probe, ...rest })),
      calibration: this.#calibration,
      ...this.#sockets.record,
      lostWorkers: this.#lostWorkers,
      overflowed: [...this.#overflowed],
    }
  }

  #addInterval(interval: Interval): void {
    const isJudged = this.#judge(interval)
    const drained = isJudged ? this.#markJudged(interval) : this.#begunJudged(interval)
    this.#timeline.add(interval, isJudged, drained)
    this.#sockets.add(interval, isJudged)
    addToTotals(this.#totals, interval)
    if (isJudged) {
      addToTotals(this.#judgedTotals, interval)
      this.#judgedDuration += interval.to - interval.from
    } else if (interval.phase === 'stopping' && this.#isLoadJudged) addArrivals(this.#judgedTotals, interval)
    addDrained(this.#judgedTotals, drained)
    this.#duration = millis(Math.max(this.#duration, interval.to))
    this.#lostWorkers = interval.missingWorkers
    for (const scope of interval.overflowed ?? []) this.#overflowed.add(scope)
    this.#addShapes(interval)
    for (const { name, passed, failed } of interval.checks) {
      const sum = entry(this.#checks, name, () => ({ name, passed: 0, failed: 0, judged: { passed: 0, failed: 0 } }))
      sum.passed += passed
      sum.failed += failed
      const { judged } = sum
      if (isJudged) sum.judged = { passed: judged.passed + passed, failed: judged.failed + failed }
    }
    for (const { code, name, count } of interval.errors) {
      entry(this.#errors, `${code}\n${name}`, () => ({ code, name, count: 0 })).count += count
    }
  }

  /** Whether an interval is judged. The first steady one makes all before it unjudged. */
  #judge({ phase }: Interval): boolean {
    const wantsSteady = this.#started?.plan.judge !== 'all'
    if (phase === 'steady' && wantsSteady && this.#window !== 'steady') {
      this.#window = 'steady'
      this.#judgedDuration = 0
      this.#judgedTotals = noTotals()
      this.#timeline.clearJudged()
      this.#sockets.clearJudged()
      for (const check of this.#checks.values()) check.judged = { passed: 0, failed: 0 }
    }
    return isJudgedPhase(phase, this.#window)
  }

  #markJudged(interval: Interval): SeriesInterval[] {
    this.#judgedUntil = interval.to
    this.#isLoadJudged = true
    return []
  }

  /** The samples of an interval that is not judged that began in the judged part. */
  #begunJudged(interval: Interval): SeriesInterval[] {
    // A run that is told to stop is stopping from the interval on that is then under way: never later than the stop.
    if (interval.phase !== 'stopping') this.#isLoadJudged = false
    return this.#judgedUntil === undefined ? [] : begunBefore(interval, this.#judgedUntil, this.#isLoadJudged)
  }

  #addShapes(interval: Interval): void {
    for (const one of interval.shapes) {
      const { shape } = one
      const sum = entry(this.#shapes, shape, () => ({
        shape,
        scheduled: 0,
        started: 0,
        dropped: 0,
        completed: 0,
        failed: 0,
        aborted: 0,
        inFlight: 0,
      }))
      sum.scheduled += one.scheduled
      sum.started += one.started
      sum.dropped += one.dropped
      sum.completed += one.completed
      sum.failed += one.failed
      sum.aborted += one.aborted
      sum.inFlight = one.inFlight
    }
  }

  #addFault(event: Fault): void {
    const { type, kind, journey, user, message, stack, count } = event
    const key = `${kind}\n${journey}\n${message}`
    const sum = entry(this.#faults, key, () => ({ type, kind, journey, user, message, stack, count: 0 }))
    sum.count += count
  }

  #addSample({ probe, at, values, counted }: ProbeSample): void {
    this.#probe(probe).samples.push({ at, values, ...(counted !== undefined && { counted }) })
  }

  #probe(probe: string): { samples: Omit<ProbeSample, 'type' | 'probe'>[]; trouble: ProbeTrouble[] } {
    return entry(this.#probes, probe, () => ({ samples: [], trouble: [] }))
  }
}

/** The record of a whole run. */
export function fold(events: Iterable<RunEvent>): RunRecord {
  const folded = new RunFold()
  for (const event of events) folded.apply(event)
  return folded.record
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key)
  if (value === undefined) {
    value = make()
    map.set(key, value)
  }
  return value
}
