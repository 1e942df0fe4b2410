import type { CompiledShape } from '../../plan/compiled.ts'
import type { Timeline } from '../worker/timeline.ts'
import { createArrivalsExecutor } from './arrivals.ts'
import type { Crew } from './crew.ts'
import type { Executor } from './executor.ts'
import { createIterationsExecutor } from './iterations.ts'
import { createUsersExecutor } from './users.ts'

/** `precise` is the timeline for arrivals, whose instants matter to the microsecond. */
export function createExecutor(shape: CompiledShape, crew: Crew, precise: Timeline): Executor {
  switch (shape.model) {
    case 'closed':
      return createUsersExecutor(shape, crew)
    case 'iterations':
      return createIterationsExecutor(shape, crew)
    case 'open':
      return createArrivalsExecutor(shape, crew, precise)
  }
}
