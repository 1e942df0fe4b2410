import type { CompiledShape, Stage } from '../../../plimsoll/src/plan/compiled.ts'
import { count, duration, significant } from './format.ts'

/** A shape in a few words: `ramp to 500 users in 1 min, hold 10 min`. */
export function loadText(shape: CompiledShape): string {
  if (shape.model === 'iterations') {
    const each = shape.per === 'user' ? ' each' : ' shared'
    return `${users(shape.users)}, ${count(shape.iterations)} iterations${each}`
  }
  const amount = shape.model === 'closed' ? users : (n: number) => `${significant(n)} arrivals/s`
  const [only] = shape.stages
  if (shape.stages.length === 1 && only?.kind === 'hold') return `${amount(only.from)} for ${duration(only.duration)}`
  return shape.stages.map((stage) => stageText(stage, amount)).join(', ')
}

const users = (n: number): string => (n === 1 ? '1 user' : `${count(n)} users`)

function stageText(stage: Stage, amount: (n: number) => string): string {
  if (stage.kind === 'hold') return `hold ${duration(stage.duration)}`
  return stage.duration === 0
    ? `jump to ${amount(stage.to)}`
    : `ramp to ${amount(stage.to)} in ${duration(stage.duration)}`
}
