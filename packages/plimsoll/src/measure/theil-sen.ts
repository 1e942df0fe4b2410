import { median } from './median.ts'

/**
 * The slope per step of evenly spaced values: the median of the slopes of all pairs (Theil 1950, Sen 1968). Up to 29 %
 * of wild values do not move it. Undefined with fewer than two values.
 */
export function theilSen(values: readonly number[]): number | undefined {
  const slopes: number[] = []
  for (let i = 0; i < values.length; i++) {
    for (let j = i + 1; j < values.length; j++) slopes.push((values[j]! - values[i]!) / (j - i))
  }
  return median(slopes)
}
