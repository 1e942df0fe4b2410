import { mkdirSync, writeFileSync } from 'node:fs'
import { machine } from './machine.ts'
import { inBenchmarks } from './paths.ts'

/** What a benchmark found: text for people, the same as data, and whether every bar was held. */
export interface Outcome {
  readonly title: string
  readonly markdown: string
  readonly data: unknown
  /** Bars that were not held, as sentences. */
  readonly failed: readonly string[]
}

/** Writes benchmarks/results/NAME.local.json and .md. */
export function store(name: string, { title, markdown, data, failed }: Outcome): void {
  mkdirSync(inBenchmarks('results'), { recursive: true })
  const at = (extension: string) => inBenchmarks(`results/${name}.local.${extension}`)
  const whole = { name, at: new Date().toISOString(), machine: machine(), failed, data }
  writeFileSync(at('json'), `${JSON.stringify(whole, null, 2)}\n`)
  writeFileSync(at('md'), `## ${title}\n\n${markdown}\n`)
}

/** One line of progress on stderr, so that stdout is the report. */
export const progress = (text: string): void => console.error(`  ${text}`)
