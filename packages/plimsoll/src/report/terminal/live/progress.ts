import type { Millis } from '../../../base/units.ts'
import type { RunStarted } from '../../../record/events.ts'
import type { RunRecord } from '../../../record/run-record.ts'
import { formatAmount, formatDuration, plural } from '../../format.ts'

type Shape = RunStarted['plan']['shapes'][number]

/** How far a shape of the load is. */
export interface ShapeProgress {
  readonly name: string
  /** 0 to 1. */
  readonly done: number
  /** `60 users`, `480/s`, `120 of 500`. */
  readonly amount: string
  /** `2/3 hold 10 min`. */
  readonly stage: string
}

export const shapeProgress = (record: RunRecord, elapsed: Millis): ShapeProgress[] =>
  record.started.plan.shapes.map((shape) => progressOf(shape, record, elapsed))

/** When the last shape ends; undefined when iterations decide that. */
export function expectedEnd(shapes: readonly Shape[]): number | undefined {
  const ends = shapes.map((shape) => (shape.model === 'iterations' ? undefined : shape.startAfter + lengthOf(shape)))
  return ends.reduce(
    (latest, end) => (latest === undefined || end === undefined ? undefined : Math.max(latest, end)),
    0,
  )
}

type Staged = Exclude<Shape, { model: 'iterations' }>

const lengthOf = ({ stages }: Staged): number => stages.reduce((sum, { duration }) => sum + duration, 0)

function progressOf(shape: Shape, record: RunRecord, elapsed: Millis): ShapeProgress {
  const { name } = shape
  const users = record.timeline.at(-1)?.shapes.find((one) => one.shape === name)?.users ?? 0
  if (shape.model === 'iterations') {
    const whole = shape.per === 'user' ? shape.users * shape.iterations : shape.iterations
    const totals = record.shapes.find((one) => one.shape === name)
    const done = totals === undefined ? 0 : totals.completed + totals.failed + totals.aborted
    return {
      name,
      done: clamp(done / whole),
      amount: plural(users, 'user'),
      stage: `${done} of ${plural(whole, 'iteration')}`,
    }
  }
  const at = elapsed - shape.startAfter
  const target = record.timeline.at(-1)?.shapes.find((one) => one.shape === name)?.target ?? 0
  const amount = shape.model === 'closed' ? plural(users, 'user') : `${formatAmount(target)}/s`
  if (at < 0) return { name, done: 0, amount, stage: `begins in ${formatDuration(-at as Millis)}` }
  return { name, done: clamp(at / lengthOf(shape)), amount, stage: stageText(shape, at) }
}

function stageText({ stages, model }: Staged, at: number): string {
  let begin = 0
  for (const [index, { kind, duration, to }] of stages.entries()) {
    begin += duration
    if (at >= begin) continue
    const unit = model === 'closed' ? '' : '/s'
    const what = kind === 'hold' ? `hold ${formatDuration(duration)}` : `ramp to ${formatAmount(to)}${unit}`
    return stages.length === 1 ? what : `${index + 1}/${stages.length} ${what}`
  }
  return 'done'
}

const clamp = (value: number): number => Math.min(1, Math.max(0, Number.isNaN(value) ? 0 : value))
