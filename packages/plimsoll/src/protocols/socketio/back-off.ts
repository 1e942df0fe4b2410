import { type Millis, millis } from '../../base/units.ts'
import type { ReconnectSettings } from './types.ts'

/** Far past every `maxDelay`, and far from where the numbers end: there the official client would not wait at all. */
const MOST_DOUBLINGS = 40

/**
 * How long to wait before attempt `attempt`, from 0; undefined when there is none left. The official client's own rule
 * (socket.io-client, `contrib/backo2`): the delay doubles, one random number gives both size and sign of the jitter,
 * and `maxDelay` cuts last, so that late attempts come at `maxDelay` or earlier, never later.
 */
export function backOff(settings: ReconnectSettings, attempt: number, random: () => number): Millis | undefined {
  if (attempt >= settings.attempts) return undefined
  const drawn = random()
  const delay = settings.delay * 2 ** Math.min(attempt, MOST_DOUBLINGS)
  const deviation = Math.floor(drawn * settings.jitter * delay)
  const jittered = Math.floor(drawn * 10) % 2 === 0 ? delay - deviation : delay + deviation
  return millis(Math.floor(Math.min(jittered, settings.maxDelay)))
}
