import { type Millis, millis } from '../../base/units.ts'
import type { Stage } from '../compiled.ts'
import type { StagedSpec, StageSpec } from '../load/shape.ts'
import { show } from '../problem.ts'
import { numberFault, Reader } from './reader.ts'

/** Stages with their beginnings and ends filled in. */
export function compileStages(reader: Reader, spec: StagedSpec): readonly Stage[] {
  const what = spec.model === 'closed' ? 'users' : 'arrivals'
  const rules = { min: 0, whole: spec.model === 'closed' }
  let level = checked(spec.start, what, 'the start')
  function checked(value: number, call: string, where: string): number {
    const fault = numberFault(value, rules)
    if (fault === undefined) return value
    reader.problems.push({ path: reader.path, got: `${call}(${show(value)}) as ${where}`, expected: fault })
    return Number.NaN
  }
  const stages = spec.stages.map((stage, i): Stage => {
    const from = level
    if (stage.kind === 'ramp') level = checked(stage.to as number, 'ramp', `the end of stage ${i + 1}`)
    return { kind: stage.kind, duration: durationOf(reader, stage, i), from, to: level }
  })
  if (stages.length > 0 && stages.every(({ from, to }) => from === 0 && to === 0)) {
    reader.problems.push({
      path: reader.path,
      got: `0 ${what} throughout`,
      expected: `${what} above 0 in at least one stage`,
    })
  }
  return stages
}

function durationOf(reader: Reader, stage: StageSpec, index: number): Millis {
  const one = new Reader(stage, `${reader.path}.stages[${index}]`, reader.problems)
  return one.readDuration('duration', stage.duration, { positive: true }) ?? millis(Number.NaN)
}
