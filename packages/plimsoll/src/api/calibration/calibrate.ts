import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { add, perSecond, rateOf, seconds, shortest, toMillis } from '../../base/units.ts'
import type { Coordinator } from '../../engine/coordinator/coordinator.ts'
import type { Calibration } from '../../record/events.ts'
import type { RunRecord } from '../../record/run-record.ts'
import { calibrationServer } from '../entries.ts'
import type { CalibrationServerNews } from './calibration-server.ts'
import { CALIBRATION_DELAY } from './delay.ts'

const TIME = seconds(3)
/** Its first second goes to code of the server that runs for the first time. */
const WARM_UP = seconds(1)
/** Beyond this the calibration server, a single thread, would be what is measured. */
const MOST = perSecond(4000)

/**
 * What the run's own workers add to the times of a server that answers after 5 ms, at the rate of the run that just
 * ended: the generator's own error, under its own load. Only for runs with arrivals, whose instants are what it could
 * get wrong.
 */
export async function calibrate(record: RunRecord, coordinator: Coordinator): Promise<Calibration | undefined> {
  const observed = rateOf(record.judgedTotals.requests, record.judged.duration)
  if (observed === 0 || !record.started.plan.shapes.some(({ model }) => model === 'open')) return undefined
  const rate = shortest(observed, MOST)
  const server = new Worker(calibrationServer)
  try {
    const [{ port, thread }] = (await once(server, 'message')) as [CalibrationServerNews]
    const job = { url: `http://127.0.0.1:${port}`, rate, duration: TIME, warmUp: WARM_UP }
    const errors = await coordinator.calibrate(job, thread)
    const [p50, p99] = [errors.quantile(0.5), errors.quantile(0.99)]
    if (p50 === undefined || p99 === undefined) return undefined
    return {
      type: 'calibration',
      rate,
      delayMs: CALIBRATION_DELAY,
      count: errors.count,
      p50: add(CALIBRATION_DELAY, toMillis(p50)),
      p99: add(CALIBRATION_DELAY, toMillis(p99)),
    }
  } finally {
    await server.terminate()
  }
}
