const first = 500
const most = 30_000

/**
 * How long to wait before the next try, in milliseconds: twice as long each time, half of it by chance, so that those
 * who lost a server together do not come back together.
 */
export function backoff(failures: number, random: () => number = Math.random): number {
  const whole = Math.min(most, first * 2 ** Math.min(failures, 16))
  return whole / 2 + (whole / 2) * random()
}
