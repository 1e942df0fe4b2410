import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Backlog } from './backlog.ts'

const MB = 1024 * 1024

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

it('of a client that was given much at once may wait for five seconds', () => {
  const backlog = new Backlog()
  expect(backlog.isTooLong(3 * MB)).toBe(false)
  vi.advanceTimersByTime(5000)
  expect(backlog.isTooLong(3 * MB)).toBe(false)
  vi.advanceTimersByTime(1)
  expect(backlog.isTooLong(3 * MB)).toBe(true)
})

it('begins anew once the client has caught up', () => {
  const backlog = new Backlog()
  backlog.isTooLong(3 * MB)
  vi.advanceTimersByTime(4000)
  expect(backlog.isTooLong(MB)).toBe(false)
  vi.advanceTimersByTime(4000)
  expect(backlog.isTooLong(3 * MB)).toBe(false)
})

it('of more than eight megabytes waits for nobody', () => {
  expect(new Backlog().isTooLong(8 * MB)).toBe(false)
  expect(new Backlog().isTooLong(8 * MB + 1)).toBe(true)
})
