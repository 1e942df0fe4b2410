import { minutes, seconds } from '../../base/units.ts'
import type { CompiledJourney, CompiledShape } from '../compiled.ts'
import type { ShapeSpec } from '../load/shape.ts'
import { show } from '../problem.ts'
import { peakOf } from '../stages.ts'
import { Reader } from './reader.ts'
import { compileStages } from './stages.ts'
import { didYouMean } from './suggest.ts'

const makeOne = "a load such as users(100).for('5m') or arrivals(50).for('5m')"

/** All shapes of one profile; names that the plan does not give are made up from the model. */
export function compileShapes(profile: Reader, journeys: readonly CompiledJourney[]): readonly CompiledShape[] {
  const value = profile.raw('load')
  const several = Array.isArray(value)
  const entries: readonly unknown[] = several ? value : [value]
  if (entries.length === 0 || value === undefined) {
    profile.note('load', value, makeOne)
    return []
  }
  const names = new Set<string>()
  return entries.flatMap((entry, i) => {
    const path = several ? `${profile.at('load')}[${i}]` : profile.at('load')
    const spec = specOf(entry)
    if (spec === undefined) {
      profile.problems.push({ path, got: describe(entry), expected: makeOne, ...unfinished(entry) })
      return []
    }
    const shape = compileShape(new Reader(spec, path, profile.problems), spec, journeys, names)
    names.add(shape.name)
    return [shape]
  })
}

function specOf(entry: unknown): ShapeSpec | undefined {
  const made = typeof entry === 'object' && entry !== null && 'kind' in entry && entry.kind === 'plimsoll.load'
  return made ? (entry as unknown as { spec: ShapeSpec }).spec : undefined
}

const isUnfinished = (entry: unknown): boolean =>
  typeof entry === 'object' && entry !== null && 'for' in entry && typeof entry.for === 'function'

const describe = (entry: unknown): string => (isUnfinished(entry) ? 'a load without a duration' : show(entry))

const unfinished = (entry: unknown): { readonly hint?: string } =>
  isUnfinished(entry) ? { hint: "say for how long: users(100).for('5m')" } : {}

function compileShape(
  reader: Reader,
  spec: ShapeSpec,
  journeys: readonly CompiledJourney[],
  taken: ReadonlySet<string>,
): CompiledShape {
  const base = {
    name: shapeName(reader, spec, taken),
    startAfter: reader.duration('after', seconds(0)),
    journeys: chosenJourneys(reader, spec, journeys),
    gracefulStop: reader.duration('gracefulStop', seconds(30)),
  }
  if (spec.model === 'iterations') {
    return {
      ...base,
      model: 'iterations',
      users: reader.number('users', 1, { whole: true, min: 1 }),
      iterations: reader.number('iterations', 1, { whole: true, min: 1 }),
      per: spec.shared ? 'shared' : 'user',
      maxDuration: reader.duration('maxDuration', minutes(10), { positive: true }),
    }
  }
  const stages = compileStages(reader, spec)
  if (spec.model === 'closed') return { ...base, model: 'closed', stages }
  const usual = Math.min(10_000, Math.max(100, Math.ceil(peakOf(stages) * 10)))
  return {
    ...base,
    model: 'open',
    stages,
    maxUsers: reader.number('maxUsers', usual, { whole: true, min: 1 }),
    spacing: spec.spacing ?? 'poisson',
  }
}

function shapeName(reader: Reader, spec: ShapeSpec, taken: ReadonlySet<string>): string {
  const given = reader.text('name')
  if (given !== undefined) {
    if (taken.has(given)) reader.note('name', given, 'a name that no other shape of the profile has')
    return given
  }
  const stem = spec.model === 'open' ? 'arrivals' : spec.model === 'closed' ? 'users' : 'iterations'
  let name: string = stem
  for (let i = 2; taken.has(name); i++) name = `${stem} ${i}`
  return name
}

function chosenJourneys(reader: Reader, spec: ShapeSpec, journeys: readonly CompiledJourney[]): readonly string[] {
  const known = journeys.map(({ name }) => name).filter((name) => name !== '')
  if (spec.journeys === undefined) return known
  if (spec.journeys.length === 0) reader.note('journeys', [], 'at least one journey')
  const chosen = spec.journeys.map((entry, i) => {
    const name = typeof entry === 'string' ? entry : entry?.name
    if (typeof name !== 'string') reader.note(`journeys(${i + 1})`, entry, 'a journey or its name')
    else if (!known.includes(name)) {
      const hint = didYouMean(name, known) ?? `the plan's journeys: ${known.map((other) => `'${other}'`).join(', ')}`
      reader.note('journeys', name, 'a journey of the plan', hint)
    }
    return String(name)
  })
  const weights = journeys.filter(({ name }) => chosen.includes(name)).map(({ weight }) => weight)
  if (weights.length > 0 && weights.every((weight) => weight === 0)) {
    reader.note('journeys', chosen.join(', '), 'at least one journey with a weight above 0')
  }
  return chosen
}
