/** The middle value, or the mean of the two middle ones; undefined without values. */
export function median(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** The medians of `blocks` runs of neighbours, as equal in length as can be. */
export function blockMedians(values: readonly number[], blocks: number): number[] {
  const medians: number[] = []
  for (let block = 0; block < blocks; block++) {
    const from = Math.floor((block * values.length) / blocks)
    const to = Math.floor(((block + 1) * values.length) / blocks)
    const middle = median(values.slice(from, to))
    if (middle !== undefined) medians.push(middle)
  }
  return medians
}
