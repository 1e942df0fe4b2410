/** A figure that stands for the time since the sample before it: a share of CPU, a rate, a level looked at. */
export interface Sample {
  readonly at: number
  readonly value: number
}

/** A stretch of time. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

/**
 * The mean over time of a value that was looked at now and then, each sample weighted by how much of the time since the
 * one before lies in the stretches: a burst of samples counts for no more than its time. Time before the first and
 * after the last sample is unknown and does not count; undefined when no time is known.
 */
export function timeWeightedMean(samples: readonly Sample[], stretches: readonly Stretch[]): number | undefined {
  let area = 0
  let time = 0
  samples.forEach(({ at, value }, i) => {
    const since = samples[i - 1]?.at ?? at
    for (const { from, to } of stretches) {
      const overlap = Math.min(at, to) - Math.max(since, from)
      if (overlap <= 0) continue
      area += value * overlap
      time += overlap
    }
  })
  return time > 0 ? area / time : undefined
}
