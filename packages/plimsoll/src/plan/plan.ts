import { type PlanContext, planContext } from './context.ts'
import type { PlanOptions } from './options.ts'

/** What a plan file exports by default; made by `plan()`, read by `compilePlan()`. */
export interface PlanDefinition<Data = unknown> {
  readonly kind: 'plimsoll.plan'
  readonly options: PlanOptions<Data>
  readonly context: PlanContext
}

/**
 * The default export of a plan file. Nothing is checked here beyond the types: the command that loads the plan reports
 * all its problems together.
 *
 * `Data` is what `setup` returns. Its default matters while it is still being inferred: `never` is what journeys of any
 * data accept, so that a `setup` with parameters may stand after them.
 */
export function plan<Data = never>(options: PlanOptions<Data>): PlanDefinition<Data> {
  return { kind: 'plimsoll.plan', options, context: planContext() }
}
