import { expect, it } from 'vitest'
import { Gate } from './gate.ts'

it('lets two through at a time, the others in order, and refuses those for whom there is no room', async () => {
  const gate = new Gate({ atOnce: 2, waiting: 2, what: 'guests' })
  const finish: (() => void)[] = []
  const began: number[] = []
  const enter = (guest: number) =>
    gate.run(() => {
      began.push(guest)
      return new Promise<void>((resolve) => finish.push(resolve))
    })
  const first = [enter(1), enter(2), enter(3), enter(4)]
  await expect(enter(5)).rejects.toThrow('Too many guests wait here.')
  expect(began).toEqual([1, 2])
  finish[1]?.()
  await first[1]
  await new Promise(setImmediate)
  expect(began).toEqual([1, 2, 3])
  finish[0]?.()
  await first[0]
  await new Promise(setImmediate)
  expect(began).toEqual([1, 2, 3, 4])
  for (const end of finish) end()
  await Promise.all(first)
})

it('hands the place on when the work fails', async () => {
  const gate = new Gate({ atOnce: 1, waiting: 1, what: 'guests' })
  const failing = gate.run(() => Promise.reject(new Error('no')))
  const next = gate.run(async () => 'yes')
  await expect(failing).rejects.toThrow('no')
  expect(await next).toBe('yes')
})
