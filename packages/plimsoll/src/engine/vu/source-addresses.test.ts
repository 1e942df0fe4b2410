import { expect, test } from 'vitest'
import { createSourceAddresses } from './source-addresses.ts'

const here = 'http://127.0.0.1:3000'

test('the system chooses until there are more users than ports', () => {
  expect(createSourceAddresses([], here, 20_000)(7)).toBeUndefined()
  const deal = createSourceAddresses([], here, 30_000)
  expect([deal(0), deal(19_999), deal(20_000), deal(40_000)]).toEqual([
    '127.0.0.1',
    '127.0.0.1',
    '127.0.0.2',
    '127.0.0.3',
  ])
  expect(createSourceAddresses([], 'http://10.0.0.1', 30_000)(25_000)).toBeUndefined()
})

test('spread gives every user towards this machine an address of its own', () => {
  const deal = createSourceAddresses(['spread'], here, 10)
  expect([deal(0), deal(1), deal(255), deal(70_000)]).toEqual(['127.0.0.1', '127.0.0.2', '127.0.1.0', '127.1.17.113'])
})

test('several addresses and ranges take turns', () => {
  const deal = createSourceAddresses(['127.0.0.9', '127.3.0.0/30'], here, 10)
  expect([0, 1, 2, 3, 5].map(deal)).toEqual(['127.0.0.9', '127.3.0.1', '127.0.0.9', '127.3.0.2', '127.3.0.1'])
})
