import { closest, distance } from 'fastest-levenshtein'

/** The name that was probably meant; undefined when none is near enough. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined
  const folded = new Map(names.map((name) => [name.toLowerCase(), name]))
  const found = closest(word.toLowerCase(), [...folded.keys()])
  const tolerated = Math.max(1, Math.floor(Math.max(word.length, found.length) / 3))
  return distance(word.toLowerCase(), found) <= tolerated ? folded.get(found) : undefined
}

/** `did you mean 'timeout'?`, when one of the names is near enough. */
export function didYouMean(word: string, names: readonly string[]): string | undefined {
  const name = nearest(word, names)
  return name === undefined ? undefined : `did you mean '${name}'?`
}
