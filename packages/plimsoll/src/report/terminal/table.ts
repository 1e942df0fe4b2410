import stringWidth from 'string-width'
import { cut, pad } from './text.ts'

export interface Column {
  readonly title: string
  readonly align?: 'left' | 'right'
  /** Columns with the highest number go first when there is too little room; those without one stay. */
  readonly drop?: number
  /** May be cut down to this width before any column goes, and further when none is left to go. */
  readonly shrinkTo?: number
}

export interface Cell {
  readonly text: string
  readonly paint?: (text: string) => string
}

const GAP = 2
const NARROWEST = 4

/** Aligned rows that fit `width` columns: columns are dropped, then cut. Titles are left out when all are empty. */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  width: number,
  paintTitle: (text: string) => string,
): string[] {
  const measured = columns.map((column, index) => {
    const texts = [column.title, ...rows.map((row) => row[index]?.text ?? '')]
    return { column, index, width: Math.max(...texts.map((text) => stringWidth(text))) }
  })
  const shown = fit(
    measured.filter((one) => one.width > 0),
    width,
  )
  const line = (of: (index: number) => Cell): string => {
    const cells = shown.map(({ column, index, width: room }) => ({ ...of(index), align: column.align, room }))
    const last = cells.findLastIndex(({ text }) => text !== '')
    return cells
      .slice(0, last + 1)
      .map(({ text, paint = plain, align, room }, at) => {
        const short = paint(cut(text, room))
        return at === last && align !== 'right' ? short : pad(short, room, align)
      })
      .join(' '.repeat(GAP))
  }
  const titles = columns.some(({ title }) => title !== '')
    ? [line((index) => ({ text: columns[index]?.title ?? '', paint: paintTitle }))]
    : []
  return [...titles, ...rows.map((row) => line((index) => row[index] ?? { text: '' }))]
}

const plain = (text: string): string => text

interface Measured {
  readonly column: Column
  readonly index: number
  readonly width: number
}

const total = (columns: readonly Measured[]): number =>
  columns.reduce((sum, { width }) => sum + width, 0) + GAP * Math.max(0, columns.length - 1)

function fit(all: readonly Measured[], width: number): Measured[] {
  const shrunk = ({ column, width: full }: Measured): number => Math.min(full, column.shrinkTo ?? full)
  let kept = [...all]
  while (total(kept.map((one) => ({ ...one, width: shrunk(one) }))) > width) {
    const first = kept.toSorted((a, b) => (b.column.drop ?? 0) - (a.column.drop ?? 0))[0]
    if (first?.column.drop === undefined) break
    kept = kept.filter((one) => one !== first)
  }
  let excess = Math.max(0, total(kept) - width)
  /** The rightmost give way first. */
  const give = (least: (one: Measured) => number): void => {
    kept = kept.toReversed().map((one) => {
      const room = one.column.shrinkTo === undefined ? one.width : Math.max(least(one), one.width - excess)
      excess -= one.width - room
      return { ...one, width: room }
    })
    kept.reverse()
  }
  give(shrunk)
  give(({ width: full }) => Math.min(full, NARROWEST))
  return kept
}
