import { expect, it } from 'vitest'
import { LocalKeyValue } from './in-process.ts'

it('forgets on time, and counts from anew', async () => {
  let now = 0
  const store = new LocalKeyValue(() => now)
  await store.increment('n', 1, 100)
  now = 50
  expect(await store.increment('n', 1, 100)).toBe(2)
  now = 100
  expect(await store.increment('n', 1, 100)).toBe(1)
})

it('lets a flood of keys cost the oldest ones, and what has expired first', async () => {
  let now = 0
  const store = new LocalKeyValue(() => now)
  await store.set('old', '1', 1_000)
  for (let index = 0; index < 50_000; index += 1) await store.set(`expired-${index}`, '1', 1)
  now = 1
  for (let index = 0; index < 60_000; index += 1) await store.set(`fresh-${index}`, '1', 1_000)
  expect(await store.get('old')).toBe('1')
  for (let index = 0; index < 50_000; index += 1) await store.set(`more-${index}`, '1', 1_000)
  expect(await store.get('old')).toBeUndefined()
  expect(await store.get('more-49999')).toBe('1')
})
