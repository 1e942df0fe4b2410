import { closest, distance } from 'fastest-levenshtein'

/** `did you mean 'timeout'?`, when one of the names is near enough to be what was meant. */
export function didYouMean(word: string, names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined
  const folded = new Map(names.map((name) => [name.toLowerCase(), name]))
  const nearest = closest(word.toLowerCase(), [...folded.keys()])
  const tolerated = Math.max(1, Math.floor(Math.max(word.length, nearest.length) / 3))
  return distance(word.toLowerCase(), nearest) <= tolerated ? `did you mean '${folded.get(nearest)}'?` : undefined
}
