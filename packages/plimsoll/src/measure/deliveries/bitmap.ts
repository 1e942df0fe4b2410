/**
 * A set of slots, 32 to a word. A plain array of small integers: made ten times faster than a typed one, and in rooms of
 * usual size no larger.
 */
export type Bitmap = number[]

export const BYTES_OF_WORD = 8

export function hasBit(bitmap: Bitmap, index: number): boolean {
  const word = index >>> 5
  return word < bitmap.length && (bitmap[word]! & (1 << (index & 31))) !== 0
}

/** Sets a bit, and gives the number of words by which the bitmap grew: filled without holes. */
export function setBit(bitmap: Bitmap, index: number): number {
  const word = index >>> 5
  const before = bitmap.length
  while (bitmap.length <= word) bitmap.push(0)
  bitmap[word]! |= 1 << (index & 31)
  return bitmap.length - before
}
