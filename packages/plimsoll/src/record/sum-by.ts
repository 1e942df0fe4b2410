/** Adds up what belongs together, in the order in which it first appears. */
export function sumBy<T>(items: readonly T[], keyOf: (item: T) => string, add: (a: T, b: T) => T): T[] {
  const sums = new Map<string, T>()
  for (const item of items) {
    const key = keyOf(item)
    const sum = sums.get(key)
    sums.set(key, sum === undefined ? item : add(sum, item))
  }
  return [...sums.values()]
}

/** Adds every figure of two counts; texts are what they have in common. */
export function addFigures<T extends object>(a: T, b: T): T {
  const sum = { ...a } as Record<string, unknown>
  for (const [name, value] of Object.entries(b)) {
    if (typeof value === 'number') sum[name] = Number(sum[name] ?? 0) + value
  }
  return sum as T
}
