import type { ThresholdResult } from '../../judge/verdict.ts'

/**
 * The line of the plan's text, from 1, on which a threshold stands: its limit at or after its subject, the metric's name
 * before it where the plan writes one. Undefined when the plan computes it.
 */
export function thresholdLine(
  source: string,
  { subject, metric, limit }: Pick<ThresholdResult, 'subject' | 'metric' | 'limit'>,
): number | undefined {
  const lines = source.split('\n')
  const isLimit = (line: string | undefined): boolean => hasQuoted(line, limit)
  const isMetric = (line: string | undefined): boolean => line !== undefined && word(metric).test(line)
  let nearest: number | undefined
  for (let start = 0; start < lines.length; start++) {
    if (!isKey(lines[start], subject)) continue
    for (let at = start; at < Math.min(lines.length, start + REACH); at++) {
      if (!isLimit(lines[at])) continue
      if (isMetric(lines[at]) || isKey(lines[at], subject)) return at + 1
      nearest ??= at + 1
    }
  }
  return nearest
}

/** How many lines below its subject a limit may stand. */
const REACH = 20

const isKey = (line: string | undefined, name: string): boolean =>
  line !== undefined && (hasQuoted(line, name) || new RegExp(`(^|[\\s{,])${literal(name)}\\s*:`).test(line))

const hasQuoted = (line: string | undefined, text: string): boolean =>
  line !== undefined && [`'${text}'`, `"${text}"`, `\`${text}\``].some((quoted) => line.includes(quoted))

const word = (name: string): RegExp => new RegExp(`(^|[\\s{,'"])${literal(name)}['"]?\\s*:`)
const literal = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
