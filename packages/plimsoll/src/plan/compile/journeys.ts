import { minutes } from '../../base/units.ts'
import type { CompiledJourney } from '../compiled.ts'
import { show } from '../problem.ts'
import { parseThink } from '../think.ts'
import type { ThinkDistribution, ThinkTime } from '../user.ts'
import { Reader } from './reader.ts'

const makeOne = "make one: journey('name', async (user) => { … })"

export function compileJourneys(plan: Reader): readonly CompiledJourney[] {
  const value = plan.raw('journeys')
  if (!Array.isArray(value) || value.length === 0) {
    plan.note('journeys', value, 'an array with at least one journey', makeOne)
    return []
  }
  const path = plan.at('journeys')
  const journeys = value.map((entry, i) => compileJourney(entry, `${path}[${i}]`, plan))
  journeys.forEach(({ name }, i) => {
    const first = journeys.findIndex((other) => other.name === name)
    if (name !== '' && first < i) {
      plan.problems.push({
        path: `${path}[${i}].name`,
        got: show(name),
        expected: `another name than journeys[${first}]`,
      })
    }
  })
  if (journeys.every(({ weight }) => weight === 0)) {
    plan.note('journeys', 'weights that are all 0', 'at least one weight above 0')
  }
  return journeys
}

function compileJourney(entry: unknown, path: string, plan: Reader): CompiledJourney {
  const journey = new Reader(entry, path, plan.problems, `a journey; ${makeOne}`)
  const made = journey.raw('kind') === 'plimsoll.journey'
  if (!made && typeof entry === 'object' && entry !== null) {
    plan.problems.push({ path, got: show(entry), expected: 'a journey', hint: makeOne })
  }
  const options = new Reader(journey.raw('options'), path, plan.problems)
  const run = journey.raw('run')
  if (made && typeof run !== 'function')
    plan.problems.push({ path, got: show(run), expected: 'a function', hint: makeOne })
  const compiled: CompiledJourney = {
    name: made ? journey.needText('name') : '',
    weight: options.number('weight', 1, { min: 0 }),
    think: compileThink(options),
    pace: options.duration('pace', undefined),
    timeout: options.duration('timeout', minutes(5), { positive: true }),
    tags: options.texts('tags'),
    run: run as CompiledJourney['run'],
  }
  options.finish()
  return compiled
}

function compileThink(options: Reader): ThinkDistribution | undefined {
  const value = options.raw('think')
  if (value === undefined) return undefined
  const think = parseThink(value as ThinkTime)
  if (think === undefined) {
    options.note(
      'think',
      value,
      "a time such as '1s', a range such as '1s..3s', or constant(), uniform(), normal(), exponential()",
    )
  }
  return think
}
