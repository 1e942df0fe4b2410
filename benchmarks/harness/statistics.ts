/** The value at nearest rank ⌈q·n⌉ of values in ascending order. @throws {RangeError} when there are none */
export function quantile(ascending: readonly number[] | Float64Array, q: number): number {
  const value = ascending[Math.max(0, Math.ceil(q * ascending.length - 1e-9) - 1)]
  if (value === undefined) throw new RangeError('no values')
  return value
}

export const ascending = (values: Iterable<number>): Float64Array => Float64Array.from(values).sort()

export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
}

/** The lower median, so that it is one of the values. */
export function spread(values: readonly number[]): Spread {
  const sorted = ascending(values)
  return { median: quantile(sorted, 0.5), min: quantile(sorted, 0), max: quantile(sorted, 1) }
}

/** Ratios of paired rounds: what happened to the machine in a round happened to both. Undefined without a pair. */
export function ratios(values: readonly number[], to: readonly number[]): Spread | undefined {
  const pairs = Math.min(values.length, to.length)
  return pairs === 0
    ? undefined
    : spread(values.slice(0, pairs).map((value, round) => value / (to[round] ?? Number.NaN)))
}
