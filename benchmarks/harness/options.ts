import type { Tool } from '../tools/tool.ts'
import type { Pinning } from './machine.ts'

/** What every benchmark is given. */
export interface Options {
  readonly quick: boolean
  readonly rounds: number
  readonly cores: Pinning | undefined
  /** Only these parts of a benchmark that has any. */
  readonly only: readonly string[] | undefined
  /** Those that are installed, Plimsoll first. */
  readonly tools: readonly Tool[]
}
