import type { Problem } from './problem.ts'
import type { Feeder } from './user.ts'

/** What the functions of the plan language gather while a plan file is being evaluated. */
export interface PlanContext {
  /** The plan's own file; paths in the plan count from its folder. Undefined when no file was loaded. */
  readonly file: string | undefined
  readonly feeders: Feeder<unknown>[]
  /** Missing environment values and unreadable feeders: reported with all other problems, not one by one. */
  readonly problems: Problem[]
  /** Environment values marked secret. */
  readonly secrets: string[]
}

/**
 * The context lives on the global object: a plan's `import 'plimsoll'` and the running command may be two copies of
 * this module, and both must see the same one.
 */
const key = 'plimsoll.plan-context'
const globals = globalThis as { [name: symbol]: PlanContext | undefined }

/** The context of the plan that this thread loaded last. */
export function planContext(): PlanContext {
  return (globals[Symbol.for(key)] ??= { file: undefined, feeders: [], problems: [], secrets: [] })
}

/** A statement that opens a fresh context: the loader puts it before the plan's code, so that every thread that imports the plan runs it. */
export function contextStatement(file: string): string {
  return `globalThis[Symbol.for(${JSON.stringify(key)})] = { file: ${JSON.stringify(file)}, feeders: [], problems: [], secrets: [] };`
}
