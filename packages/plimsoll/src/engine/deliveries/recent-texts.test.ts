import { expect, test, vi } from 'vitest'
import { RecentTexts } from './recent-texts.ts'

const setUp = () => {
  const receipts = vi.fn((_: string, payload: unknown) => [
    { delivery: 'message', room: 'a', key: String((payload as { key: unknown }).key), seq: undefined },
  ])
  return { receipts, texts: new RecentTexts(receipts) }
}

const textOf = (key: string) => JSON.stringify({ type: 'message', key })

test('the same text is read once, however often and by whomever it is got', () => {
  const { receipts, texts } = setUp()
  const first = texts.read(textOf('one'))
  expect(first).toMatchObject({ event: 'message', receipts: [{ key: 'one' }] })
  texts.read(textOf('two'))
  // Equal, but not the same text in memory: as it comes off another socket.
  expect(texts.read(Buffer.from(textOf('one')).toString())).toBe(first)
  expect(receipts).toHaveBeenCalledTimes(2)
})

test('texts of the same length are told apart by their last character', () => {
  const { texts } = setUp()
  const last = (key: string) => texts.read(`${' '.repeat(5000)}${textOf(key)}`).receipts[0]?.key
  expect([last('1'), last('2'), last('1'), last('3')]).toEqual(['1', '2', '1', '3'])
})

test('no more than the last few are kept, and none that is long', () => {
  const { receipts, texts } = setUp()
  for (let key = 0; key < 40; key++) texts.read(textOf(`${key}`))
  for (let key = 24; key < 40; key++) expect(texts.read(textOf(`${key}`)).receipts[0]?.key).toBe(`${key}`)
  expect(receipts).toHaveBeenCalledTimes(40)
  texts.read(textOf('23'))
  expect(receipts).toHaveBeenCalledTimes(41)
  const long = textOf('x'.repeat(70_000))
  texts.read(long)
  texts.read(long)
  expect(receipts).toHaveBeenCalledTimes(43)
})

test('what has no name delivers nothing, and what is no JSON is said to be none', () => {
  const { receipts, texts } = setUp()
  expect(texts.read('[1]')).toMatchObject({ event: undefined, receipts: [] })
  expect(() => texts.read('{"type":')).toThrow(SyntaxError)
  expect(receipts).not.toHaveBeenCalled()
})
