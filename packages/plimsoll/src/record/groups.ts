import type { Phase } from './events.ts'

/** A stretch of the run: how many intervals it joins. */
export interface Stretch {
  readonly phase: Phase
  readonly width: number
}

/** Neighbours that become one: from `start`, `end` not included. */
export interface Group {
  readonly start: number
  readonly end: number
}

/**
 * Joins neighbours of one phase, up to `widest` intervals in each group. Phases are never mixed, since they decide what
 * is judged.
 */
export function joinNeighbours(stretches: readonly Stretch[], widest: number): Group[] {
  const groups: Group[] = []
  let start = 0
  let width = 0
  stretches.forEach((stretch, i) => {
    const fits = width + stretch.width <= widest && stretches[start]?.phase === stretch.phase
    if (i > start && !fits) {
      groups.push({ start, end: i })
      start = i
      width = 0
    }
    width += stretch.width
  })
  if (stretches.length > 0) groups.push({ start, end: stretches.length })
  return groups
}
