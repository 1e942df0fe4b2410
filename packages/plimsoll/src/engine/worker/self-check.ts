import { type EventLoopUtilization, monitorEventLoopDelay, PerformanceObserver, performance } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'
import type { Millis } from '../../base/units.ts'
import type { GeneratorInterval } from '../../record/events.ts'

/** Sampling period of the event-loop delay, in milliseconds; it is part of every sample and taken off again. */
const RESOLUTION = 1

/** What the worker knows of its own doings that Node cannot tell. */
export interface Workload {
  readonly openConnections: number
  readonly inFlightRequests: number
  readonly inFlightArea: number
  readonly timeAtCap: number
  /** Turning the loop for precise starts: work for nobody. */
  readonly idleTurning: number
}

/** One worker watching itself: was it ever too busy to tell the truth? */
export class SelfCheck {
  readonly #worker: number
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION })
  readonly #collections: PerformanceObserver
  #utilization: EventLoopUtilization = performance.eventLoopUtilization()
  #gc = 0
  #lastWall = Date.now()
  #lastNow = performance.now()

  constructor(worker: number) {
    this.#worker = worker
    this.#delay.enable()
    this.#collections = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) this.#gc += entry.duration
    })
    this.#collections.observe({ entryTypes: ['gc'] })
  }

  /** Forgets everything until now: what went on before the load says nothing about it. */
  restart(): void {
    this.#delay.reset()
    this.#utilization = performance.eventLoopUtilization()
    this.#gc = 0
    this.#lastWall = Date.now()
    this.#lastNow = performance.now()
  }

  sample(length: Millis, workload: Workload): GeneratorInterval {
    const delay = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - RESOLUTION)
    const used = performance.eventLoopUtilization(this.#utilization)
    const wall = Date.now()
    const now = performance.now()
    const sample: GeneratorInterval = {
      worker: this.#worker,
      loopDelayP50: delay(this.#delay.percentile(50)),
      loopDelayP99: delay(this.#delay.percentile(99)),
      loopDelayMax: delay(this.#delay.max),
      utilization: length > 0 ? Math.min(1, Math.max(0, (used.active - workload.idleTurning) / length)) : 0,
      cpu: 0,
      gcMs: this.#gc,
      heapBytes: getHeapStatistics().used_heap_size,
      clockStep: wall - this.#lastWall - (now - this.#lastNow),
      openConnections: workload.openConnections,
      inFlightRequests: workload.inFlightRequests,
      inFlightArea: workload.inFlightArea,
      atCap: length > 0 ? Math.min(1, workload.timeAtCap / length) : 0,
    }
    this.restart()
    return sample
  }

  stop(): void {
    this.#delay.disable()
    this.#collections.disconnect()
  }
}
