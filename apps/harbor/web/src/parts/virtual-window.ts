import type { HeightIndex } from './height-index.ts'

/** Rows to draw, `first` and `last` included; none when `last` is below `first`. */
export interface Window {
  readonly first: number
  readonly last: number
}

/** What scrolls, in pixels, as the browser has it. */
export type Box = Pick<Element, 'scrollTop' | 'scrollHeight' | 'clientHeight'>

/** In pixels: so close to the end, the list follows it. */
const nearEnd = 48

export const isAtEnd = ({ scrollTop, scrollHeight, clientHeight }: Box): boolean =>
  scrollHeight - scrollTop - clientHeight < nearEnd

/**
 * Someone has scrolled away from the end, of which the browser tells only at the next frame: until then a row that comes
 * must not pull them back.
 * @param placed where the box stood when the list last set it or was told
 */
export const hasLeftEnd = (box: Box, placed: number): boolean => box.scrollTop !== placed && !isAtEnd(box)

/** The rows that are in view, and some more on each side. */
export function windowAt(heights: HeightIndex, scrollTop: number, viewHeight: number, margin: number): Window {
  if (heights.count === 0) return { first: 0, last: -1 }
  const first = heights.indexAt(Math.max(0, scrollTop))
  const last = heights.indexAt(Math.max(0, scrollTop + viewHeight - 1))
  return { first: Math.max(0, first - margin), last: Math.min(heights.count - 1, last + margin) }
}

/**
 * Takes the heights that rows turned out to have.
 * @returns how far the view has to move so that what stands at `anchor` stays where it is, in pixels
 */
export function measure(heights: HeightIndex, first: number, measured: readonly number[], anchor: number): number {
  let above = 0
  for (const [place, height] of measured.entries()) {
    const grew = heights.set(first + place, height)
    if (first + place < anchor) above += grew
  }
  return above
}
