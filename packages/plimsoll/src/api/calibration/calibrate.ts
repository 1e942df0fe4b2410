import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { systemClock } from '../../base/clock.ts'
import { perSecond, rateOf, shortest } from '../../base/units.ts'
import { Coordinator } from '../../engine/coordinator/coordinator.ts'
import { decodeBase64 } from '../../measure/base64.ts'
import { Histogram } from '../../measure/histogram.ts'
import { decodeHistogram } from '../../measure/histogram-codec.ts'
import type { Calibration, HostInterval } from '../../record/events.ts'
import type { RunRecord } from '../../record/run-record.ts'
import { calibrationPlan, calibrationServer, workerEntry } from '../entries.ts'
import { CALIBRATION_DELAY, CALIBRATION_RATE, CALIBRATION_TIME, MOST_CALIBRATED } from './delay.ts'

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
 * What the generator sees of a server that answers after exactly 5 ms, at the rate of the run that just ended: its own
 * error, under its own load. Only for runs with arrivals, whose instants are what it could get wrong.
 */
export async function calibrate(record: RunRecord): Promise<Calibration | undefined> {
  const { plan } = record.started
  const observed = rateOf(record.judgedTotals.requests, record.judged.duration)
  if (observed === 0 || !plan.shapes.some(({ model }) => model === 'open')) return undefined
  const rate = shortest(observed, MOST_CALIBRATED)
  const server = new Worker(calibrationServer)
  const seen = new Histogram()
  const coordinator = new Coordinator({
    workers: plan.workers,
    entry: workerEntry,
    run: 'calibration',
    clock: systemClock,
    publish: (event) => {
      if (event.type !== 'interval') return
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
  } finally {
    await coordinator.dispose()
    await server.terminate()
  }
  const [p50, p99] = [seen.quantile(0.5), seen.quantile(0.99)]
  if (p50 === undefined || p99 === undefined) return undefined
  return {
    type: 'calibration',
    rate: perSecond(rate),
    delayMs: CALIBRATION_DELAY,
    count: seen.count,
    p50: p50 / 1000,
    p99: p99 / 1000,
  }
}
