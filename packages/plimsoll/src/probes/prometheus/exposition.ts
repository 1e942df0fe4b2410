import { leadingNameOf, parseSeries, type Series } from './series-line.ts'

export interface Exposition {
  /** Of wanted names only. */
  readonly series: readonly Series[]
  /** All names that have a series, or a type. */
  readonly names: ReadonlySet<string>
  /** By the family's name: counter, gauge, histogram … */
  readonly types: ReadonlyMap<string, string>
  /** Lines that are none of the format, and the first one's number, from 1. */
  readonly malformed: number
  readonly firstMalformed: number | undefined
}

const type = /^#[ \t]+TYPE[ \t]+([a-zA-Z_:][\w:]*)[ \t]+(\w+)/

/**
 * Reads Prometheus's text format 0.0.4 and OpenMetrics 1.0 (prometheus.io/docs/instrumenting/exposition_formats). Never
 * throws: a line that cannot be read is counted. Labels and values are looked at only where `isWanted`, so that a long
 * page costs little.
 */
export function parseExposition(text: string, isWanted: (name: string) => boolean): Exposition {
  const series: Series[] = []
  const names = new Set<string>()
  const types = new Map<string, string>()
  let malformed = 0
  let firstMalformed: number | undefined
  let number = 0
  for (const line of linesOf(text)) {
    number += 1
    if (line.startsWith('#')) {
      const [, family, kind] = type.exec(line) ?? []
      if (family === undefined || kind === undefined) continue
      names.add(family)
      types.set(family, kind)
      continue
    }
    const name = leadingNameOf(line)
    if (name !== '') names.add(name)
    if (name === '' ? line.trim() === '' : !isWanted(name)) continue
    const one = parseSeries(line)
    if (one !== undefined) series.push(one)
    else {
      malformed += 1
      firstMalformed ??= number
    }
  }
  return { series, names, types, malformed, firstMalformed }
}

function* linesOf(text: string): Generator<string> {
  for (let begin = 0; begin < text.length; ) {
    const newline = text.indexOf('\n', begin)
    const end = newline === -1 ? text.length : newline
    yield text.slice(begin, text[end - 1] === '\r' ? end - 1 : end)
    begin = end + 1
  }
}

/** The names that a plan may ask for: of a histogram or summary its own, and not those of its parts. */
export function familyNames({ names, types }: Exposition): string[] {
  return [...names].filter((name) => {
    const [, family] = /^(.+)_(?:bucket|sum|count)$/.exec(name) ?? []
    const kind = family === undefined ? undefined : types.get(family)
    return kind !== 'histogram' && kind !== 'summary'
  })
}
