import type { RunStarted } from '../record/events.ts'
import { formatAmount, formatDuration, plural } from './format.ts'

type Shape = RunStarted['plan']['shapes'][number]
type Stage = Extract<Shape, { model: 'closed' }>['stages'][number]

/** A shape in a few words: `ramp to 500 users in 1 min, hold 10 min`. */
export function loadText(shape: Shape): string {
  if (shape.model === 'iterations') {
    const iterations = plural(shape.iterations, 'iteration')
    return `${plural(shape.users, 'user')}, ${iterations} ${shape.per === 'user' ? 'each' : 'between them'}`
  }
  const amount = (value: number): string =>
    shape.model === 'closed' ? plural(value, 'user') : `${formatAmount(value)} arrivals/s`
  const [only] = shape.stages
  if (shape.stages.length === 1 && only?.kind === 'hold')
    return `${amount(only.from)} for ${formatDuration(only.duration)}`
  return shape.stages.map((stage) => stageText(stage, amount)).join(', ')
}

function stageText({ kind, duration, to }: Stage, amount: (value: number) => string): string {
  if (kind === 'hold') return `hold ${formatDuration(duration)}`
  return duration === 0 ? `jump to ${amount(to)}` : `ramp to ${amount(to)} in ${formatDuration(duration)}`
}
