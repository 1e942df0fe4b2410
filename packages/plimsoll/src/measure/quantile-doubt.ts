import { rankOf } from './histogram.ts'

/**
 * Samples beyond a quantile below which it hangs on a handful of events (validity rule V4,
 * Specification §3.3).
 */
export const FEWEST_BEYOND = 10

/** `≈`: fewer than ten of `count` samples lie beyond it. It is shown and judged all the same, and says so. */
export const isRough = (q: number, count: number): boolean => count * (1 - q) < FEWEST_BEYOND - 1e-9

/** `≥`: it falls among samples that were cut off, which are taken to be the longest. The true one is no smaller. */
export const isLowerBound = (q: number, count: number, censored: number): boolean => rankOf(q, count) > count - censored
