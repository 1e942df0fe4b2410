/** What the relay does with one message on its way to one member. */
export type Fate =
  | { readonly kind: 'deliver' | 'lose' | 'double' | 'swap' }
  | { readonly kind: 'delay'; readonly byMs: number }

const LOST = 0.01
const DOUBLED = 0.01
const SWAPPED = 0.02
const DELAYED = 0.03
const LEAST_DELAY_MS = 20
const MOST_DELAY_MS = 300

/** The script: it depends on nothing but the seed, the message's number and the member. */
export function fateOf(seed: number, message: number, member: number): Fate {
  const word = mix(mix(mix(seed) ^ message) ^ member)
  const drawn = word / 2 ** 32
  if (drawn < LOST) return { kind: 'lose' }
  if (drawn < LOST + DOUBLED) return { kind: 'double' }
  if (drawn < LOST + DOUBLED + SWAPPED) return { kind: 'swap' }
  if (drawn >= LOST + DOUBLED + SWAPPED + DELAYED) return { kind: 'deliver' }
  const share = mix(word) / 2 ** 32
  return { kind: 'delay', byMs: Math.round(LEAST_DELAY_MS + share * (MOST_DELAY_MS - LEAST_DELAY_MS)) }
}

/** One step of splitmix32 (Guy Steele et al., "Fast splittable pseudorandom number generators", 2014). */
function mix(value: number): number {
  let x = (value + 0x9e3779b9) | 0
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad)
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97)
  return (x ^ (x >>> 15)) >>> 0
}
