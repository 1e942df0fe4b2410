import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Cursors } from './cursors.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const names = (cursors: Cursors) => cursors.all.current.map(({ name }) => name)

test('collaborators who are away are unloaded after a minute, though nobody else moves', () => {
  const cursors = new Cursors()
  for (let n = 0; n < 50; n++) cursors.see({ user_id: `${n}`, name: `n${n}`, position: n })
  vi.advanceTimersByTime(30_000)
  cursors.see({ user_id: '7', name: 'n7', position: 8 })
  expect(names(cursors)).toHaveLength(50)
  vi.advanceTimersByTime(30_000)
  expect(names(cursors)).toEqual(['n7'])
  vi.advanceTimersByTime(30_000)
  expect(names(cursors)).toEqual([])
  expect(vi.getTimerCount()).toBe(0)
  cursors.see({ user_id: '1', name: 'n1', position: 1 })
  expect(names(cursors)).toEqual(['n1'])
  cursors.close()
  expect(vi.getTimerCount()).toBe(0)
})

test('cursors go with the text around them', () => {
  const cursors = new Cursors()
  cursors.see({ user_id: '1', name: 'a', position: 2 })
  cursors.see({ user_id: '2', name: 'b', position: 5 })
  cursors.move([3, 'xyz'])
  expect(cursors.all.current.map(({ position }) => position)).toEqual([2, 8])
  cursors.move([{ d: 4 }])
  expect(cursors.all.current.map(({ position }) => position)).toEqual([0, 4])
  cursors.close()
})
