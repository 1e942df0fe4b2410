import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { LocalKeyValue } from '../../redis/in-process.ts'
import { openRoster, type Present } from './roster.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('tells other instances who is here, and no longer than they are', async () => {
  const store = new LocalKeyValue()
  let here: Present = { ann: 'away', bob: null }
  const roster = openRoster(store, () => here)
  const other = openRoster(store, () => ({}))
  roster.changed('r')
  await vi.advanceTimersByTimeAsync(250)
  expect(await other.elsewhere('r')).toEqual({ ann: 'away', bob: null })
  expect(await roster.elsewhere('r')).toEqual({})
  // Nothing changes for minutes.
  await vi.advanceTimersByTimeAsync(300_000)
  expect(await other.elsewhere('r')).toEqual({ ann: 'away', bob: null })
  here = {}
  roster.changed('r')
  await vi.advanceTimersByTimeAsync(250)
  expect(await store.fields('harbor:present:r')).toEqual({})
  await Promise.all([roster.close(), other.close()])
})

it('forgets whom an instance noted that is no more, though others are in the room', async () => {
  const store = new LocalKeyValue()
  await store.setField(
    'harbor:present:r',
    'crashed',
    JSON.stringify({ at: Date.now(), present: { eve: null } }),
    60_000,
  )
  const roster = openRoster(store, () => ({ ann: 'online' }))
  roster.changed('r')
  expect(await roster.elsewhere('r')).toEqual({ eve: null })
  await vi.advanceTimersByTimeAsync(61_000)
  expect(await roster.elsewhere('r')).toEqual({})
  expect(Object.keys(await store.fields('harbor:present:r'))).toHaveLength(1)
  await roster.close()
})

it('knows of nobody elsewhere while Redis is away, and fails nobody', async () => {
  const away = new Proxy({} as LocalKeyValue, { get: () => () => Promise.reject(new Error('away')) })
  const roster = openRoster(away, () => ({ ann: null }))
  roster.changed('r')
  await vi.advanceTimersByTimeAsync(1_000)
  expect(await roster.elsewhere('r')).toEqual({})
  await roster.close()
})
