/**
 * A buffer that holds `used` bytes and has room for `more`: the same one, or one of at least twice the size, though
 * never larger than `most`.
 */
export function grown(buffer: Buffer, used: number, more: number, most: number): Buffer {
  const needed = used + more
  if (needed <= buffer.length) return buffer
  const larger = Buffer.allocUnsafe(Math.max(needed, Math.min(most, Math.max(1024, buffer.length * 2))))
  buffer.copy(larger, 0, 0, used)
  return larger
}
