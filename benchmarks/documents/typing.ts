import type { Operation } from '../../apps/harbor/src/documents/text-operation.ts'

/** 100 KB. */
export const text = 'Never set out in a northerly, said the harbour master. '.repeat(1_862)

const words = text.slice(0, 54).split(' ')

/** Edits all over the text, the same each time: letters, words, deletions. Coprime strides reach every part of it. */
export const edits = (count: number, from = 0): readonly Operation[] =>
  Array.from({ length: count }, (_, index): Operation => {
    const n = index + from
    const at = ((n * 7_919) % 90_000) + 1
    if (n % 10 === 9) return [at, `${words[n % words.length]} `]
    return n % 5 === 3 ? [at, { d: 1 + (n % 3) }] : [at, 'abcdefgh'[n % 8] ?? '']
  })

/** Someone who writes on, letter after letter. */
export const writing = (count: number): readonly Operation[] =>
  Array.from({ length: count }, (_, index): Operation => [50_000 + index, text[index] ?? ''])

/** About 100 bytes, out of 1,800 words. */
export const message = (n: number): string =>
  Array.from({ length: 13 }, (_, place) => `${words[(n + place) % words.length]}${(n * (place + 7)) % 200}`).join(' ')
