import { type Millis, millis } from '../../base/units.ts'

/** The official Socket.IO client's back-off: `delay` × 2ⁿ up to `maxDelay`, each ± `jitter` of itself. */
export interface BackOff {
  readonly delay: Millis
  readonly maxDelay: Millis
  /** 0 to 1. */
  readonly jitter: number
  readonly attempts: number
}

/** How long before attempt `attempt`, from 0; undefined when there is none left. */
export function backOffDelay(settings: BackOff, attempt: number, random: () => number): Millis | undefined {
  if (attempt >= settings.attempts) return undefined
  const delay = Math.min(settings.delay * 2 ** Math.min(attempt, 52), settings.maxDelay)
  return millis(Math.min(delay + (2 * random() - 1) * settings.jitter * delay, settings.maxDelay))
}
