import type { ComponentChildren, JSX } from 'preact'
import { useMemo, useRef, useState } from 'preact/hooks'
import { count } from '../view/format.ts'
import { type SortOrder, type SortValue, sortRows } from '../view/sort-rows.ts'
import './data-table.css'
import { rove } from './roving.ts'

export interface Column<Row> {
  readonly key: string
  readonly label: string
  /** Below the label, quietly: the unit. */
  readonly unit?: string
  readonly numeric?: boolean
  /** Without it the column does not sort. */
  readonly sort?: (row: Row) => SortValue
  readonly cell: (row: Row) => ComponentChildren
}

interface DataTableProps<Row> {
  label: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  rowKey: (row: Row) => string
  rowClass?: (row: Row) => string
  /** By which the rows are sorted already, until the reader sorts them anew. */
  sortedBy?: SortOrder
  /** How many rows are shown at first, and how many more each time they are asked for; all of them without it. */
  most?: number
}

/**
 * A table that sorts by any column and scrolls inside itself when it is too wide. The headers are one tab stop, and so
 * are the buttons of the first column: arrow keys go between them.
 */
export function DataTable<Row>(props: DataTableProps<Row>): JSX.Element {
  const { label, columns, rows, rowKey, rowClass, sortedBy, most = Number.POSITIVE_INFINITY } = props
  const [order, setOrder] = useState(sortedBy)
  const [shown, setShown] = useState(most)
  const table = useRef<HTMLTableElement>(null)
  const sortValue = columns.find((column) => column.key === order?.column)?.sort
  const sorted = useMemo(
    () => (order === undefined || sortValue === undefined ? rows : sortRows(rows, sortValue, order.descending)),
    [rows, order],
  )
  const onKeyDown = (event: KeyboardEvent): void => {
    const all = (selector: string): HTMLElement[] => [...(table.current?.querySelectorAll<HTMLElement>(selector) ?? [])]
    rove(event, all('thead button'), 'row') || rove(event, all('tbody th button'), 'column')
  }
  const sortBy = (column: Column<Row>): void =>
    setOrder(({ column: key, descending } = { column: '', descending: false }) => ({
      column: column.key,
      descending: key === column.key ? !descending : column.numeric === true,
    }))
  const firstSortable = columns.findIndex((column) => column.sort !== undefined)

  const scrolling = (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section class="table-scroll" aria-label={label} tabIndex={0}>
      <table class="data" ref={table} onKeyDown={onKeyDown}>
        <caption class="sr-only">{label}</caption>
        <thead>
          <tr>
            {columns.map((column, index) => (
              <th
                key={column.key}
                scope="col"
                class={column.numeric === true ? 'numeric' : undefined}
                aria-sort={ariaSort(column.key, order)}
              >
                {column.sort === undefined ? (
                  <HeaderLabel column={column} />
                ) : (
                  <button type="button" tabIndex={index === firstSortable ? 0 : -1} onClick={() => sortBy(column)}>
                    <HeaderLabel column={column} />
                  </button>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted.slice(0, shown).map((row) => (
            <tr key={rowKey(row)} class={rowClass?.(row)}>
              {columns.map((column, index) =>
                index === 0 ? (
                  <th key={column.key} scope="row">
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.key} class={column.numeric === true ? 'numeric' : undefined}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
  if (sorted.length <= shown) return scrolling
  return (
    <>
      {scrolling}
      <p class="table-more small quiet">
        {count(shown)} of {count(sorted.length)} rows, in the order of the table.{' '}
        <button type="button" class="control no-print" onClick={() => setShown(shown + most)}>
          Show {count(Math.min(most, sorted.length - shown))} more
        </button>
      </p>
    </>
  )
}

function HeaderLabel<Row>({ column }: { column: Column<Row> }): JSX.Element {
  return (
    <>
      {column.label}
      {column.unit !== undefined && <span class="unit"> {column.unit}</span>}
    </>
  )
}

function ariaSort(key: string, order: SortOrder | undefined): 'ascending' | 'descending' | undefined {
  if (order?.column !== key) return undefined
  return order.descending ? 'descending' : 'ascending'
}
