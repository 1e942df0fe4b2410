import type { Clock } from '../../base/clock.ts'
import { add, millis, seconds, subtract, toMicros } from '../../base/units.ts'
import { Histogram } from '../../measure/histogram.ts'
import { arrivals } from '../../plan/load/arrivals.ts'
import type { CalibrationJob } from '../wire.ts'
import { makeUpLoad } from './made-up-load.ts'

/** What is still open then has lost its server. */
const PATIENCE = seconds(2)
const MOST_USERS = 5000

/**
 * What this worker adds to a response time, request by request: how late it began, and how much later than the server
 * answered it saw the answer. The server's instant is the answer's body, on the clock that all threads share, so whatever
 * held up the server itself is not held against the generator.
 */
export async function measureOwnError(
  clock: Clock,
  { worker, workers }: { readonly worker: number; readonly workers: number },
  { url, rate, start, duration, warmUp }: CalibrationJob,
): Promise<Histogram> {
  const errors = new Histogram()
  const judgedFrom = add(start, warmUp)
  await makeUpLoad({
    clock,
    worker,
    workers,
    url,
    load: arrivals(rate).for(`${duration}ms`).max(MOST_USERS),
    start,
    frames: seconds(1),
    limit: add(duration, PATIENCE),
    finished(exchange, answer, { scheduledAt }) {
      if (answer === undefined || scheduledAt < judgedFrom) return
      const began = exchange.connectStart > 0 ? exchange.connectStart : exchange.sendStart
      const answered = millis(Number(Buffer.from(answer.body).toString('latin1')))
      errors.record(add(toMicros(subtract(began, scheduledAt)), toMicros(subtract(exchange.end, answered))))
    },
  })
  return errors
}
