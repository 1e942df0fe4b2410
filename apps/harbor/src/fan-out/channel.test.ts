import { expect, it } from 'vitest'
import { Channel } from './channel.ts'
import type { Prepared } from './prepared.ts'
import type { Entry } from './sequencer.ts'

const entry = (seq: number): Entry => ({ seq, at: 0, json: `{"seq":${seq}}` })
const upTo = (count: number): Entry[] => Array.from({ length: count }, (_, index) => entry(index + 1))

function setUp(stored: Entry[]) {
  const channel = new Channel({
    id: 'x',
    event: 'message',
    batchEvent: 'messages',
    log: {
      head: async () => stored.length,
      heads: async () => new Map([['x', stored.length]]),
      read: async (_id, after, limit) => stored.slice(after, after + limit),
    },
    written: () => undefined,
    failed: (error) => {
      throw error
    },
  })
  const got: number[] = []
  const receiver = {
    batch: false,
    userId: 'u',
    write: ({ events }: Prepared) => void got.push(...events.map(({ json }) => JSON.parse(json).seq)),
  }
  return { channel, got, receiver, turn: () => new Promise((resolve) => setTimeout(resolve, 20)) }
}

it('does not tell again what it told someone who came while Postgres was ahead of the hints', async () => {
  const stored = upTo(3)
  const { channel, got, receiver, turn } = setUp(stored)
  await channel.start()
  stored.push(entry(4), entry(5))
  await channel.join(receiver, 1, (last, missed) => {
    expect(last).toBe(5)
    got.push(...missed.map(({ seq }) => seq))
  })
  channel.offer([entry(4), entry(5), entry(6)])
  await turn()
  expect(got).toEqual([2, 3, 4, 5, 6])
})

it('begins where someone is who saw more elsewhere', async () => {
  const stored = upTo(3)
  const { channel, got, receiver, turn } = setUp(stored)
  await channel.start()
  stored.push(entry(4), entry(5))
  await channel.join(receiver, 5, (last, missed) => expect([last, missed]).toEqual([5, []]))
  channel.offer([entry(4), entry(5), entry(6)])
  await turn()
  expect(got).toEqual([6])
})

it('fills a hole from Postgres', async () => {
  const stored = upTo(1)
  const { channel, got, receiver } = setUp(stored)
  await channel.start()
  await channel.join(receiver, undefined, () => undefined)
  stored.push(entry(2), entry(3))
  channel.offer([entry(3)])
  while (got.length < 2) await new Promise((resolve) => setTimeout(resolve, 5))
  expect(got).toEqual([2, 3])
})

it('tells of more when there is more than fits into an answer', async () => {
  const { channel, receiver } = setUp(upTo(1_200))
  await channel.start()
  const lengths: number[] = []
  for (let after = 0, again = true; again; ) {
    await channel.join(receiver, after, (_last, missed, more) => {
      lengths.push(missed.length)
      after = missed.at(-1)?.seq ?? after
      again = more
    })
  }
  expect(lengths).toEqual([500, 500, 200])
})
