const GROUP = 5

export interface WarmUpCut {
  /** How many of the values belong to the warm-up. */
  readonly cut: number
  /** False when the best cut lies at the search's edge, half of the values: the series has not settled. */
  readonly settled: boolean
}

/**
 * MSER-5: where a series stops being in its warm-up. With z the means of five values each, cut at
 * d* = argmin Var(z_d … z_k)/(k − d) over d ≤ k/2 (White 1997; Spratt 1998). Give it 120 values or more: with 60 it
 * says of 12 % of perfectly steady series that they never settle (§3.6). Counter-examples: Wang & Glynn, TOMACS 2016.
 * @returns undefined with fewer than 20 values
 */
export function mser5(values: readonly number[]): WarmUpCut | undefined {
  const groups = Math.floor(values.length / GROUP)
  if (groups < 4) return undefined
  const means = Array.from({ length: groups }, (_, i) => {
    const group = values.slice(i * GROUP, (i + 1) * GROUP)
    return group.reduce((sum, value) => sum + value, 0) / GROUP
  })
  const edge = Math.floor(groups / 2)
  let best = 0
  let least = Number.POSITIVE_INFINITY
  let count = 0
  let mean = 0
  let squares = 0
  // From the end backwards, so that one pass gives the variance of every tail (Welford).
  for (let d = groups - 1; d >= 0; d--) {
    count++
    const delta = means[d]! - mean
    mean += delta / count
    squares += delta * (means[d]! - mean)
    const statistic = squares / count ** 2
    if (d <= edge && statistic <= least) {
      least = statistic
      best = d
    }
  }
  return { cut: best * GROUP, settled: best < edge }
}
