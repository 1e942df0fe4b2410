/** Where a value stands against its limit, for a bar on which the limit is always at the same place. */
export interface Gauge {
  /** The value as a share of the limit, cut off at `GAUGE_END`. */
  readonly share: number
  readonly beyondEnd: boolean
  readonly low: number | undefined
  readonly high: number | undefined
  /** On which side of the limit the value should be. */
  readonly allowed: 'below' | 'above'
}

/** The bar's right end, as a share of the limit. */
export const GAUGE_END = 1.5

/** Undefined where there is no distance to show: no value, or a limit of 0. */
export function gauge(
  comparison: string,
  limit: number,
  actual: number | undefined,
  interval: readonly [number, number] | undefined,
): Gauge | undefined {
  if (actual === undefined || limit <= 0 || !/^[<>]/.test(comparison)) return undefined
  const cut = (value: number): number => Math.min(GAUGE_END, Math.max(0, value / limit))
  return {
    share: cut(actual),
    beyondEnd: actual / limit > GAUGE_END,
    low: interval === undefined ? undefined : cut(interval[0]),
    high: interval === undefined ? undefined : cut(interval[1]),
    allowed: comparison.startsWith('<') ? 'below' : 'above',
  }
}
