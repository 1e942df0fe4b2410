/** A Markdown table; columns but the first are aligned to the right, and padded so that it reads well unrendered. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)))
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, column) => pad(cells[column] ?? '', width, column)).join(' | ')} |`
  const rule = `|${widths.map((width, column) => (column === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`
  return [line(head), rule, ...rows.map(line)].join('\n')
}

const pad = (text: string, width: number, column: number) => (column === 0 ? text.padEnd(width) : text.padStart(width))

/** One line for each that has something to say. */
export const list = (items: readonly (readonly [name: string, text: string | undefined])[]): string =>
  items.flatMap(([name, text]) => (text === undefined ? [] : [`- ${name}: ${text}`])).join('\n')
