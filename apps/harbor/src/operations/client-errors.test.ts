import { expect, it } from 'vitest'
import { LineBudget, openPlaceMap, withoutPersonalData } from './client-errors.ts'

it.each([
  ["Cannot read properties of undefined (reading 'seq')", "Cannot read properties of undefined (reading 'seq')"],
  ['Unexpected token h, "hello Ann" is not valid JSON', 'Unexpected token h, "…" is not valid JSON'],
  ['no user ann.archer@example.org', 'no user …@…'],
  ['failed: https://harbor.example/rooms/7?token=secret', 'failed: https://…'],
  ['room 0b1e6f5a-8f4e-4a51-9d5e-2d3c1f0a9b8c, call 5551234567', 'room …, call …'],
  ["'Ann, my dear' is not a function", "'…' is not a function"],
  ['an "unfinished text of Ann', 'an "…"'],
  ["it can't be: x isn't 'ready'", "it can't be: x isn't 'ready'"],
  ['two\nlines\u0000', 'two lines '],
])('leaves of %s what says something of the program', (message, left) =>
  expect(withoutPersonalData(message)).toBe(left),
)

it('writes so many lines a minute and no more', () => {
  const budget = new LineBudget(2)
  expect([0, 1, 59_999, 60_000, 60_001, 60_002].map((now) => budget.take(now))).toEqual([
    ...[true, true, false],
    ...[true, true, false],
  ])
})

it('leaves places as they are of which it has no map', async () => {
  const places = openPlaceMap(new URL('file:///nowhere/'))
  for (const place of ['', '/assets/main-ABC.js:1:2', '/assets/../../secret.js:1:1']) {
    expect(await places.map(place)).toBe(place)
  }
})
