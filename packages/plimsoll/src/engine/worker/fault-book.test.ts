import { expect, it } from 'vitest'
import { Redactor } from '../vu/redact.ts'
import { FaultBook } from './fault-book.ts'

const redact = new Redactor(['hunter2'])

const threw = (cause: unknown) => ({ kind: 'threw', journey: 'talk', user: 1, cause }) as const

it('counts alike faults together, and shows the stack of the first', () => {
  const book = new FaultBook()
  const first = new TypeError('no room')
  book.add(threw(first))
  book.add({ ...threw(new TypeError('no room')), user: 2 })
  book.add(threw('no room'))
  expect(book.take(redact)).toEqual([
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
  book.take(redact)
  expect(book.take(redact)).toEqual([])
  book.add(threw(new Error('once')))
  expect(book.take(redact)).toMatchObject([{ message: 'Error: once', stack: undefined, count: 1 }])
})

it('counts what a plan throws with a new text every time under one entry', () => {
  const book = new FaultBook()
  for (let i = 0; i < 5000; i++) book.add(threw(new Error(`message ${i}`)))
  const taken = book.take(redact)
  expect(taken).toHaveLength(101)
  expect(taken.reduce((sum, { count }) => sum + count, 0)).toBe(5000)
  expect(taken.at(-1)).toMatchObject({ message: 'further faults, each different', count: 4900 })
})

it('shows no secret and no more than a page of what a plan throws, above its frames too', () => {
  const book = new FaultBook()
  const long = new Error(`hunter2 is not ${'x'.repeat(1_000_000)}\nat all`)
  book.add(threw(long))
  book.add(threw('GET http://ann:hunter2@127.0.0.1/?token=abc failed'))
  const [first, second] = book.take(redact)
  expect(first?.message).toMatch(/^Error: \[removed\] is not x{900,1024}…$/)
  expect(first?.stack?.split('\n')[0]).toBe(first?.message)
  expect(first?.stack?.split('\n')[1]).toContain('fault-book.test.ts')
  expect(second?.message).toBe('GET http://127.0.0.1/?token=%5Bremoved%5D failed')
})
