/** What Little's law relates, over a window that begins and ends empty. */
export interface Flow {
  /** ∫ requests under way dt, in request-milliseconds. */
  readonly area: number
  /**
   * The sum of the times that requests took, in milliseconds, as two clocks saw it: without and with what passed
   * before each was handed over. Being under way lies between the two.
   */
  readonly least: number
  readonly most: number
}

/**
 * Little's law L̄ = λ̄·W̄ (Little 1961), multiplied by the window's length: the integral of requests under way must
 * equal the sum of their times. Both are counted apart, so a lost, doubled or back-filled sample shows: autocannon's
 * correction misses by 37 % to 344 % (§2). Returns how far the integral lies outside what the samples allow, as a share
 * of the integral; positive when samples are missing, negative when there are too many; undefined when nothing ran.
 */
export function littlesGap({ area, least, most }: Flow): number | undefined {
  if (area <= 0 && most <= 0) return undefined
  const whole = Math.max(area, 1e-9)
  if (area > most) return (area - most) / whole
  if (area < least) return (area - least) / whole
  return 0
}
