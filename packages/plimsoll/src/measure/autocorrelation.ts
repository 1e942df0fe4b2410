/** Correlation of neighbours, −1 to 1: how much a value resembles the one before. 0 for a constant series. */
export function lagOne(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  let products = 0
  let squares = 0
  values.forEach((value, i) => {
    const previous = values[i - 1]
    squares += (value - mean) ** 2
    if (previous !== undefined) products += (value - mean) * (previous - mean)
  })
  return squares > 0 ? products / squares : 0
}

/**
 * How much more the sum of values varies when neighbours resemble each other by `r`, as in an AR(1) series:
 * (1 + r)/(1 − r), for long series (Yue & Wang 2004, after Bayley & Hammersley 1946). Negative `r` is taken as 0, so that
 * alternating values make nothing surer, and `most` keeps the factor finite.
 */
export function varianceInflation(r: number, most: number): number {
  const bounded = Math.min(most, Math.max(0, r))
  return (1 + bounded) / (1 - bounded)
}
