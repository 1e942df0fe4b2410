import { expect, test } from 'vitest'
import type { Problem } from '../problem.ts'
import { compileOutages } from './outages.ts'
import { Reader } from './reader.ts'

function read(outages: unknown): { outages: ReturnType<typeof compileOutages>; problems: Problem[] } {
  const problems: Problem[] = []
  return { outages: compileOutages(new Reader({ outages }, 'profiles.peak', problems)), problems }
}

test('one outage or several, the first a period after the start', () => {
  expect(read({ every: '15s', offline: '2s' })).toEqual({
    outages: [{ after: 15_000, every: 15_000, share: 1, offline: { kind: 'constant', value: 2000 }, spread: false }],
    problems: [],
  })
  expect(
    read([
      { after: '5s', share: '10%' },
      { every: '1s', spread: true },
    ]).outages,
  ).toMatchObject([
    { after: 5000, every: undefined, share: 0.1, offline: undefined },
    { after: 1000, every: 1000, spread: true },
  ])
})

test('an outage without an instant, or spread over nothing, is wrong', () => {
  expect(read([{}, { after: '1s', spread: true, offline: 'long' }]).problems.map(({ path }) => path)).toEqual([
    'profiles.peak.outages[0].after',
    'profiles.peak.outages[1].offline',
    'profiles.peak.outages[1].spread',
  ])
})
