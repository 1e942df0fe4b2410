/**
 * Operations as harbor's documents take them: a number keeps so many code points, a text is inserted, `{ d: n }` deletes n.
 */
export type Operation = readonly (number | string | { readonly d: number })[]

const keep = (count: number): readonly number[] => (count > 0 ? [count] : [])

export const insert = (place: number, text: string): Operation => [...keep(place), text]

/** Deletes `count` code points at `place`, or fewer where the text of this size ends. */
export function remove(place: number, count: number, size: number): Operation {
  const from = Math.max(0, Math.min(place, size - count))
  return [...keep(from), { d: Math.min(count, size) }]
}

/** By how many code points it changes a text's length. */
export function length(operation: Operation): number {
  let grows = 0
  for (const component of operation) {
    if (typeof component === 'string') grows += [...component].length
    else if (typeof component !== 'number') grows -= component.d
  }
  return grows
}
