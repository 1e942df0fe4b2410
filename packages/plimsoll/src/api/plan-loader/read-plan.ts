import type { Millis } from '../../base/units.ts'
import { type CompiledRun, compile } from '../../plan/compile/compile.ts'

/** What a worker is told of its plan. */
interface PlanRequest {
  /** URL of the bundle that `loadPlan` made. */
  readonly bundle: string
  readonly profile: string
  readonly scale: number
  readonly duration: Millis | undefined
  readonly url: string
}

/** The plan as this thread runs it: each worker imports the bundle and compiles it for itself, since functions cannot be sent. */
export async function readPlan({ bundle, ...options }: PlanRequest): Promise<CompiledRun> {
  const module = (await import(bundle)) as { readonly default?: unknown }
  return compile(module.default, options)
}
