import type { Comparison } from '../../plan/compiled.ts'

/**
 * Whether a limit is shown to hold. A value that is only a lower bound shows `> limit` when it is above already, and
 * shows nothing else: what cannot be shown is not met.
 */
export function isMet(actual: number, comparison: Comparison, limit: number, atLeast: boolean): boolean {
  switch (comparison) {
    case '<':
      return !atLeast && actual < limit
    case '<=':
      return !atLeast && actual <= limit
    case '>':
      return actual > limit
    case '>=':
      return actual >= limit
    case '=':
      return !atLeast && actual === limit
    case '!=':
      return atLeast ? actual > limit : actual !== limit
  }
}
