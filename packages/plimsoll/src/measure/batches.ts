import { Histogram } from './histogram.ts'

/** Enough for a variance of some worth, few enough that neighbours are nearly independent (Specification §3.4). */
const BATCHES = 30

/** What a series took in one window of time. */
export interface Window {
  readonly from: number
  readonly to: number
  readonly histogram: Histogram
}

/**
 * Joins windows to 30 batches of equal time, or as many as there are windows. Gaps between windows do not count as
 * time: a judged part may consist of several.
 */
export function batchesOf(windows: readonly Window[], most = BATCHES): Histogram[] {
  const duration = windows.reduce((sum, window) => sum + (window.to - window.from), 0)
  const wanted = Math.min(most, windows.length)
  const batches = Array.from({ length: wanted }, () => new Histogram())
  let passed = 0
  for (const { from, to, histogram } of windows) {
    const middle = passed + (to - from) / 2
    passed += to - from
    const at = duration > 0 ? Math.floor((middle / duration) * wanted) : 0
    batches[Math.min(wanted - 1, at)]?.add(histogram)
  }
  return batches
}
