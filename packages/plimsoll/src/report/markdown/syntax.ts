/** Plain text on one line: what a system or a plan wrote cannot make markup, links, mentions or HTML of it. */
export const line = (text: string): string =>
  oneLine(text)
    .replaceAll(/[\\`*_[\]<>|~]/g, (character) => `\\${character}`)
    .replaceAll('@', '@\u200b')
    .replace(/^(#+|[-+]|\d+[.)])(\s|$)/, '\\$1$2')

/** Text as code, also within a table; a fence longer than any run of backticks in it (CommonMark §6.1). */
export function code(text: string): string {
  const plain = oneLine(text)
  if (plain === '') return ''
  const longest = Math.max(0, ...(plain.match(/`+/g) ?? []).map((run) => run.length))
  const fence = '`'.repeat(longest + 1)
  const pad = plain.startsWith('`') || plain.endsWith('`') ? ' ' : ''
  return `${fence}${pad}${plain.replaceAll('|', '\\|')}${pad}${fence}`
}

/** `numbers` are the titles of the columns that are aligned to the right. */
export function table(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  numbers: readonly string[],
): string {
  const rule = columns.map((column) => (numbers.includes(column) ? '---:' : '---'))
  return [columns, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

const oneLine = (text: string): string => text.replaceAll(/\p{Cc}+/gu, ' ').trim()
