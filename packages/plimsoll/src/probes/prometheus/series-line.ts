/** One series of an exposition: `name{label="value"} 1.5`. */
export interface Series {
  readonly name: string
  /** As they are written, braces included: with the name, what tells one series from another. */
  readonly labelText: string
  readonly labels: ReadonlyMap<string, string>
  /** May be NaN or infinite, as the format allows. */
  readonly value: number
}

const leadingName = /[a-zA-Z_:][\w:]*/y
const label = /[ \t]*([a-zA-Z_]\w*)[ \t]*=[ \t]*"((?:[^"\\]|\\.)*)"[ \t]*(?:,|(?=\}))/y
const closing = /[ \t]*\}/y
/** A value, then a timestamp, and in OpenMetrics an exemplar. */
const ending = /[ \t]*([^\s#{}]+)(?:[ \t]+-?\d+(?:\.\d+)?)?[ \t]*(?:[ \t]#.*)?$/y

/** The name that a line begins with; '' where there is none. */
export function leadingNameOf(line: string): string {
  leadingName.lastIndex = 0
  return leadingName.exec(line)?.[0] ?? ''
}

/** Undefined for what is no line of a series. */
export function parseSeries(line: string): Series | undefined {
  const name = leadingNameOf(line)
  const found = parseLabels(line, name.length)
  if (name === '' || found === undefined) return undefined
  ending.lastIndex = found.end
  const text = ending.exec(line)?.[1]
  const value = text === undefined ? undefined : parseValue(text)
  return value === undefined
    ? undefined
    : { name, labelText: line.slice(name.length, found.end).trim(), labels: found.labels, value }
}

const noLabels: ReadonlyMap<string, string> = new Map()

function parseLabels(line: string, from: number): { labels: ReadonlyMap<string, string>; end: number } | undefined {
  let at = from
  while (line[at] === ' ' || line[at] === '\t') at += 1
  if (line[at] !== '{') return { labels: noLabels, end: from }
  at += 1
  const labels = new Map<string, string>()
  for (;;) {
    label.lastIndex = at
    const [whole, name, value] = label.exec(line) ?? []
    if (whole === undefined || name === undefined || value === undefined) break
    labels.set(name, value.includes('\\') ? unescaped(value) : value)
    at += whole.length
  }
  closing.lastIndex = at
  const end = closing.exec(line)?.[0]
  return end === undefined ? undefined : { labels, end: at + end.length }
}

const unescaped = (value: string): string => value.replace(/\\(.)/g, (_, sign: string) => (sign === 'n' ? '\n' : sign))

/** As Go reads floating-point numbers, but for hexadecimal ones. */
export function parseValue(text: string): number | undefined {
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Number(text)
  if (/^nan$/i.test(text)) return Number.NaN
  const infinite = /^([+-]?)inf(inity)?$/i.exec(text)
  if (infinite === null) return undefined
  return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
}
