import type { Comparison, ThresholdUnit } from '../compiled.ts'

/** A limit such as `'< 300ms'`, read; `value` is in the base unit of `unit`. */
export interface Limit {
  readonly comparison: Comparison
  readonly value: number
  readonly unit: ThresholdUnit
}

/** Why a limit cannot be read, and at which column. */
export interface LimitFault {
  readonly at: number
  readonly expected: string
  readonly hint?: string
}

export type LimitResult = { readonly limit: Limit } | { readonly fault: LimitFault }

/** What a metric is measured in; decides which units its limits may carry. */
export type Measure = 'time' | 'rate' | 'share' | 'count' | 'portion' | 'bytes' | 'any'

const units: Readonly<Record<string, readonly [unit: ThresholdUnit, factor: number]>> = {
  us: ['ms', 0.001],
  µs: ['ms', 0.001],
  ms: ['ms', 1],
  s: ['ms', 1000],
  m: ['ms', 60_000],
  h: ['ms', 3_600_000],
  '%': ['ratio', 0.01],
  '/s': ['1/s', 1],
  '/min': ['1/s', 1 / 60],
  '/h': ['1/s', 1 / 3600],
  '': ['count', 1],
}
const sizes: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
}

const measures: Readonly<Record<Measure, { readonly units: readonly ThresholdUnit[]; readonly fits: string }>> = {
  time: { units: ['ms'], fits: "a time: us, ms, s, m or h, as in '< 300ms'" },
  rate: { units: ['1/s'], fits: "a rate: /s, /min or /h, as in '>= 500/s'" },
  share: { units: ['ratio'], fits: "a share: %, as in '< 1%'" },
  portion: { units: ['count', 'ratio'], fits: "a number or a share: '= 0' or '< 0.1%'" },
  count: { units: ['count'], fits: "a number without a unit, as in '= 0'" },
  bytes: { units: ['B', 'B/s'], fits: "bytes: B, KB, MB, GB, KiB, MiB or GiB, or those per second, as in '< 512MB'" },
  any: {
    units: ['count', 'ms', '1/s', 'ratio', 'B', 'B/s'],
    fits: 'a time, a rate (/s), a share (%), bytes or a number',
  },
}

/**
 * Reads a limit: `limit = comparison number [unit]`, blanks allowed between them, the number as JSON writes it without
 * an exponent.
 */
export function parseLimit(text: string, measure: Measure): LimitResult {
  const blanks = /^\s*/.exec(text)?.[0].length ?? 0
  const comparison = /^(<=|>=|!=|<|>|=)/.exec(text.slice(blanks))?.[0] as Comparison | undefined
  if (comparison === undefined) {
    return fault(blanks, 'a comparison: <, <=, >, >=, = or !=', comparisonHint(text.trim(), measure))
  }
  const afterComparison = blanks + comparison.length
  const numberAt = afterComparison + blanksAt(text, afterComparison)
  const number = /^-?\d+(\.\d+)?/.exec(text.slice(numberAt))?.[0]
  if (number === undefined) {
    const doubled = '<>=!'.includes(text[numberAt] ?? ' ')
    return fault(
      numberAt,
      doubled ? 'a number; one comparison is enough' : 'a number',
      numberHint(text.slice(numberAt)),
    )
  }
  if (number.startsWith('-')) return fault(numberAt, 'a number that is not negative')
  const afterNumber = numberAt + number.length
  const unitAt = afterNumber + blanksAt(text, afterNumber)
  const suffix = text.slice(unitAt).trimEnd()
  return withUnit({ comparison, number: Number(number), suffix, unitAt, measure })
}

interface Parts {
  readonly comparison: Comparison
  readonly number: number
  readonly suffix: string
  readonly unitAt: number
  readonly measure: Measure
}

function withUnit({ comparison, number, suffix, unitAt, measure }: Parts): LimitResult {
  const allowed = measures[measure]
  const known = readUnit(suffix)
  if (known === undefined) {
    return fault(
      unitAt,
      allowed.fits,
      suffix === ',' || /^,\d/.test(suffix) ? 'decimals are written with a point' : caseHint(suffix),
    )
  }
  const [unit, factor] = known
  // nothing is nothing in every unit
  if (suffix === '' && number === 0) return { limit: { comparison, value: 0, unit: allowed.units[0] ?? 'count' } }
  if (!allowed.units.includes(unit)) return fault(unitAt, allowed.fits)
  return { limit: { comparison, value: clean(number * factor), unit } }
}

function readUnit(suffix: string): readonly [ThresholdUnit, number] | undefined {
  if (Object.hasOwn(units, suffix)) return units[suffix]
  const flow = suffix.endsWith('/s')
  const size = flow ? suffix.slice(0, -2) : suffix
  return Object.hasOwn(sizes, size) ? [flow ? 'B/s' : 'B', sizes[size] as number] : undefined
}

/** 0.07 · 100 is 7.000000000000001: twelve digits are more than anybody writes. */
const clean = (value: number): number => Number(value.toPrecision(12))

const blanksAt = (text: string, from: number): number => /^\s*/.exec(text.slice(from))?.[0].length ?? 0

function fault(at: number, expected: string, hint?: string): LimitResult {
  return { fault: { at, expected, ...(hint === undefined ? {} : { hint }) } }
}

function comparisonHint(text: string, measure: Measure): string | undefined {
  if (!/^\d/.test(text)) return undefined
  const comparison = text === '0' ? '=' : measure === 'rate' ? '>=' : '<'
  return `did you mean '${comparison} ${text}'?`
}

function numberHint(rest: string): string | undefined {
  if (/^\.\d/.test(rest)) return `did you mean '0${rest}'?`
  return undefined
}

const words = new Map([
  ['sec', 's'],
  ['secs', 's'],
  ['second', 's'],
  ['seconds', 's'],
  ['min', 'm'],
  ['mins', 'm'],
  ['minutes', 'm'],
])

function caseHint(suffix: string): string | undefined {
  const wanted = suffix.toLowerCase()
  const known = [...Object.keys(units), ...Object.keys(sizes)]
  const match = words.get(wanted) ?? known.find((unit) => unit.toLowerCase() === wanted)
  if (match !== undefined) return `did you mean '${match}'?`
  return /^(rps|req\/s|r\/s|per second)$/.test(wanted) ? "did you mean '/s'?" : undefined
}
