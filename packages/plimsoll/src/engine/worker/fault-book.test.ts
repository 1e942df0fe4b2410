import { expect, it } from 'vitest'
import { FaultBook } from './fault-book.ts'

const threw = (cause: unknown) => ({ kind: 'threw', journey: 'talk', user: 1, cause }) as const

it('counts alike faults together, and shows the stack of the first', () => {
  const book = new FaultBook()
  const first = new TypeError('no room')
  book.add(threw(first))
  book.add({ ...threw(new TypeError('no room')), user: 2 })
  book.add(threw('no room'))
  expect(book.take()).toEqual([
    {
      type: 'fault',
      kind: 'threw',
      journey: 'talk',
      user: 1,
      message: 'TypeError: no room',
      stack: first.stack,
      count: 2,
    },
    { type: 'fault', kind: 'threw', journey: 'talk', user: 1, message: 'no room', stack: undefined, count: 1 },
  ])
})

it('gives only what is new, without the stack that was shown', () => {
  const book = new FaultBook()
  book.add(threw(new Error('once')))
  book.take()
  expect(book.take()).toEqual([])
  book.add(threw(new Error('once')))
  expect(book.take()).toMatchObject([{ message: 'Error: once', stack: undefined, count: 1 }])
})

it('counts what a plan throws with a new text every time under one entry', () => {
  const book = new FaultBook()
  for (let i = 0; i < 5000; i++) book.add(threw(new Error(`message ${i}`)))
  const taken = book.take()
  expect(taken).toHaveLength(101)
  expect(taken.reduce((sum, { count }) => sum + count, 0)).toBe(5000)
  expect(taken.at(-1)).toMatchObject({ message: 'further faults, each different', count: 4900 })
})
