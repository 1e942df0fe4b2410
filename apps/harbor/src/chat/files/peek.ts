/** The first bytes of a stream, at least `size` of them if there are as many, and the whole of it with them. */
export async function peek(
  stream: AsyncIterable<Buffer>,
  size: number,
): Promise<{ readonly head: Buffer; readonly whole: AsyncIterable<Buffer> }> {
  const source = stream[Symbol.asyncIterator]()
  const parts: Buffer[] = []
  let length = 0
  while (length < size) {
    const next = await source.next()
    if (next.done) break
    parts.push(next.value)
    length += next.value.length
  }
  async function* whole(): AsyncGenerator<Buffer> {
    yield* parts
    yield* { [Symbol.asyncIterator]: () => source }
  }
  return { head: Buffer.concat(parts, length), whole: whole() }
}
