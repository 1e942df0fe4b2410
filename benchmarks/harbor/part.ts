import type { Options } from '../harness/options.ts'
import type { Outcome } from '../harness/output.ts'
import type { PlimsollResult } from '../tools/plimsoll.ts'

export type PartOutcome = Omit<Outcome, 'title'>

/** A part of the benchmark `harbor`. */
export interface Part {
  readonly name: string
  readonly title: string
  readonly run: (options: Options) => Promise<PartOutcome>
}

/** What is over its limit, or was not measured, as sentences. */
export const over = (what: string, limits: readonly (readonly [name: string, value: number | null, limit: number])[]) =>
  limits.flatMap(([name, value, limit]) =>
    value !== null && value < limit
      ? []
      : [`${what}: ${name} is ${value?.toFixed(1) ?? 'unknown'}, and must be below ${limit}`],
  )

/** What the generator said of itself, and of which run: what it doubts does not make a run invalid. */
export const doubts = (place: string, { valid, reasons }: PlimsollResult['generator']): readonly string[] =>
  reasons.map((reason) => `- ${place}, ${valid ? 'valid' : 'invalid'}: ${reason}`)
