import { type Millis, millis } from '../base/units.ts'

/** `'250ms'`, `'1.5s'`, `'2m'`, `'1h'`, `'1m30s'`; a bare number does not compile. */
export type Duration = `${number}${'ms' | 's' | 'm' | 'h'}` | `${number}${'m' | 'h'}${number}${'s' | 'm'}` | Millis

const factors: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** Reads a duration; undefined when the text is not one (also for negative and endless ones). */
export function parseDuration(text: string | number): Millis | undefined {
  if (typeof text === 'number') return Number.isFinite(text) && text >= 0 ? millis(text) : undefined
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) return undefined
  let total = 0
  for (const [, value, , unit] of text.matchAll(/(\d+(\.\d+)?)(ms|s|m|h)/g)) {
    total += Number(value) * (factors[unit ?? ''] ?? Number.NaN)
  }
  return millis(total)
}
