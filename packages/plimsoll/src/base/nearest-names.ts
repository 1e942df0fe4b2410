import { distance } from 'fastest-levenshtein'

const SHOWN = 5

/** The names that there are, those most like the wanted one first: `did you mean "GET /a"? Seen: GET /a, GET /b`. */
export function nearestNames(wanted: string, seen: readonly string[]): string {
  if (seen.length === 0) return 'none was seen'
  const byLikeness = seen
    .map((name) => ({ name, apart: distance(wanted.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.apart - b.apart)
  const best = byLikeness[0]
  const isLike = best !== undefined && best.apart <= Math.max(2, wanted.length / 4)
  const shown = byLikeness.slice(0, SHOWN).map(({ name }) => name)
  const more = seen.length > SHOWN ? ` and ${seen.length - SHOWN} more` : ''
  return `${isLike ? `did you mean "${best.name}"? ` : ''}seen: ${shown.join(', ')}${more}`
}
