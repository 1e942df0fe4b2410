import { figuresOf, sumCounted } from '../../record/counted.ts'
import type { ProbeSample } from '../../record/events.ts'

/** An hour at a sample a second is shown as it was. */
const MOST_SAMPLES = 3600

/** Each probe's samples, neighbours averaged or added up into one, at the last one's time, when there are too many. */
export function thinSamples(samples: readonly ProbeSample[]): ProbeSample[] {
  const byProbe = new Map<string, ProbeSample[]>()
  for (const sample of samples) {
    const list = byProbe.get(sample.probe) ?? []
    byProbe.set(sample.probe, list)
    list.push(sample)
  }
  return [...byProbe.values()].flatMap((list) => {
    const size = Math.ceil(list.length / MOST_SAMPLES)
    if (size <= 1) return list
    const groups = Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size))
    return groups.flatMap(average)
  })
}

function average(group: readonly ProbeSample[]): ProbeSample[] {
  const last = group.at(-1)
  if (last === undefined) return []
  const names = new Set(group.flatMap(({ values }) => Object.keys(values)))
  const values = [...names].map((name) => {
    const known = group.map((sample) => sample.values[name]).filter((value) => value !== undefined)
    return [name, known.reduce((sum, value) => sum + value, 0) / known.length] as const
  })
  const averaged: Record<string, number> = Object.fromEntries(values)
  if (last.counted === undefined) return [{ ...last, values: averaged }]
  const counted = sumCounted(group)
  for (const [figure, sum] of Object.entries(counted)) Object.assign(averaged, figuresOf(figure, sum))
  return [{ ...last, values: averaged, counted }]
}
