import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { systemClock } from '../../base/clock.ts'
import { type Millis, millis, rateOf, shortest, toMillis } from '../../base/units.ts'
import { Coordinator } from '../../engine/coordinator/coordinator.ts'
import { decodeBase64 } from '../../measure/base64.ts'
import { Histogram } from '../../measure/histogram.ts'
import { decodeHistogram } from '../../measure/histogram-codec.ts'
import type { Calibration, HostInterval } from '../../record/events.ts'
import type { RunRecord } from '../../record/run-record.ts'
import { calibrationPlan, calibrationServer, workerEntry } from '../entries.ts'
import { CALIBRATION_DELAY, CALIBRATION_RATE, CALIBRATION_TIME, CALIBRATION_WARM_UP, MOST_CALIBRATED } from './delay.ts'

const noHost: HostInterval = {
  cpuTotal: undefined,
  cpuGenerator: 0,
  cpuSystem: undefined,
  cores: 1,
  steal: undefined,
  throttled: undefined,
  pressure: undefined,
  rssBytes: 0,
  openFiles: undefined,
  maxFiles: undefined,
}

/**
 * What the generator sees of a server that answers after 5 ms, at the rate of the run that just ended: its own error,
 * under its own load. The server is a thread of this very process and has its own share of the machine's moods, so what
 * it knows to have added is taken off. Only for runs with arrivals, whose instants are what it could get wrong.
 */
export async function calibrate(record: RunRecord): Promise<Calibration | undefined> {
  const { plan } = record.started
  const observed = rateOf(record.judgedTotals.requests, record.judged.duration)
  if (observed === 0 || !plan.shapes.some(({ model }) => model === 'open')) return undefined
  const rate = shortest(observed, MOST_CALIBRATED)
  const server = new Worker(calibrationServer)
  const seen = new Histogram()
  let served = new Histogram()
  const coordinator = new Coordinator({
    workers: plan.workers,
    entry: workerEntry,
    run: 'calibration',
    clock: systemClock,
    publish: (event) => {
      if (event.type !== 'interval' || event.from < CALIBRATION_WARM_UP) return
      for (const { metric, scope, histogram } of event.series) {
        if (metric === 'http.response_time' && scope === 'all') seen.add(decodeHistogram(decodeBase64(histogram)))
      }
    },
    sampleHost: () => noHost,
    onOutput: () => {},
  })
  try {
    const [port] = (await once(server, 'message')) as [number]
    const load = {
      bundle: calibrationPlan.href,
      profile: 'calibration',
      scale: rate / CALIBRATION_RATE,
      duration: CALIBRATION_TIME,
      url: `http://127.0.0.1:${port}`,
      seed: plan.seed,
      allow: [],
      feeders: {},
      iterations: {},
    }
    await coordinator.load(load, { journeys: ['calibrate'], phaseAt: () => 'steady' })
    await coordinator.run(undefined)
    server.postMessage('record')
    const [record] = (await once(server, 'message')) as [Uint8Array]
    served = decodeHistogram(record)
  } finally {
    await coordinator.dispose()
    await server.terminate()
  }
  const p50 = correctedQuantile(seen, served, 0.5)
  const p99 = correctedQuantile(seen, served, 0.99)
  if (p50 === undefined || p99 === undefined) return undefined
  return { type: 'calibration', rate, delayMs: CALIBRATION_DELAY, count: seen.count, p50, p99 }
}

/** The delay, and what the generator added to what the server did; in milliseconds. */
function correctedQuantile(seen: Histogram, served: Histogram, q: number): Millis | undefined {
  const [reported, truth] = [seen.quantile(q), served.quantile(q)]
  if (reported === undefined || truth === undefined) return undefined
  return millis(CALIBRATION_DELAY + Math.max(0, toMillis(reported) - toMillis(truth)))
}
