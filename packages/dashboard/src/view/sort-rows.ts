export interface SortOrder {
  readonly column: string
  readonly descending: boolean
}

export type SortValue = number | string | undefined

/** Sorted without touching the input; equal rows keep their order, and rows without a value come last either way. */
export function sortRows<Row>(
  rows: readonly Row[],
  take: (row: Row) => SortValue,
  descending: boolean,
): readonly Row[] {
  const sign = descending ? -1 : 1
  return rows.toSorted((left, right) => {
    const [a, b] = [take(left), take(right)]
    if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined)
    const order = typeof a === 'string' || typeof b === 'string' ? compareText(String(a), String(b)) : a - b
    return sign * order
  })
}

const collator = new Intl.Collator('en', { numeric: true })
const compareText = (a: string, b: string): number => collator.compare(a, b)
