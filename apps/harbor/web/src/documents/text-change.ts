import type { TextOp } from 'ot-text-unicode'

const isHighSurrogate = (unit: number) => unit >= 0xd800 && unit <= 0xdbff
const isLowSurrogate = (unit: number) => unit >= 0xdc00 && unit <= 0xdfff

/** How many code points there are up to an offset in UTF-16 code units, as the browser counts. */
export function toCodePoints(text: string, offset: number): number {
  let count = 0
  for (let unit = 0; unit < offset && unit < text.length; count++)
    unit += (text.codePointAt(unit) ?? 0) > 0xffff ? 2 : 1
  return count
}

/** The offset in UTF-16 code units of a code point. */
export function toCodeUnits(text: string, codePoints: number): number {
  let unit = 0
  for (let count = 0; count < codePoints && unit < text.length; count++) {
    unit += (text.codePointAt(unit) ?? 0) > 0xffff ? 2 : 1
  }
  return unit
}

/** What leads from one text to another, as one change in one place: what a keystroke, a paste or an undo is. */
export function changeBetween(before: string, after: string): TextOp {
  const shorter = Math.min(before.length, after.length)
  let start = 0
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++
  if (start > 0 && isHighSurrogate(before.charCodeAt(start - 1))) start--
  let same = 0
  while (
    same < shorter - start &&
    before.charCodeAt(before.length - 1 - same) === after.charCodeAt(after.length - 1 - same)
  ) {
    same++
  }
  if (same > 0 && isLowSurrogate(before.charCodeAt(before.length - same))) same--
  const removed = before.slice(start, before.length - same)
  const inserted = after.slice(start, after.length - same)
  const operation: TextOp = []
  if (start > 0) operation.push(toCodePoints(before, start))
  if (inserted !== '') operation.push(inserted)
  if (removed !== '') operation.push({ d: toCodePoints(removed, removed.length) })
  return typeof operation.at(-1) === 'number' ? [] : operation
}
