import { createContext } from 'preact'
import { useContext } from 'preact/hooks'

/** Seconds since the run's start. */
export type TimeRange = readonly [from: number, to: number]

/** The stretch of time that every chart over time shows; undefined for all of it. */
export interface Zoom {
  readonly range: TimeRange | undefined
  readonly full: TimeRange
  readonly set: (range: TimeRange | undefined) => void
}

export const ZoomContext = createContext<Zoom>({ range: undefined, full: [0, 1], set: () => {} })
export const useZoom = (): Zoom => useContext(ZoomContext)

/** The least stretch that is worth looking at, in seconds. */
const LEAST = 2

/** Keeps a range inside the run; undefined when it is all of it, or when it is too short to have been meant. */
export function clampRange([from, to]: TimeRange, full: TimeRange): TimeRange | undefined {
  const low = Math.max(full[0], Math.min(from, to))
  const high = Math.min(full[1], Math.max(from, to))
  if (high - low < Math.min(LEAST, full[1] - full[0])) return undefined
  return low <= full[0] && high >= full[1] ? undefined : [low, high]
}

/** A range made `factor` times as long around its middle, and moved by a share of its length. */
export function stretch([from, to]: TimeRange, factor: number, move: number, full: TimeRange): TimeRange | undefined {
  const length = Math.max(LEAST, (to - from) * factor)
  const middle = (from + to) / 2 + (to - from) * move
  const low = Math.max(full[0], Math.min(full[1] - length, middle - length / 2))
  return clampRange([low, low + length], full)
}
