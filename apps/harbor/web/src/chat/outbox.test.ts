import { expect, test } from 'vitest'
import { ApiError } from '../net/api.ts'
import type { Message } from './message.ts'
import { type Draft, Outbox } from './outbox.ts'

const draft = (client_id: string): Draft => ({
  client_id,
  room_id: 'room',
  content: `text of ${client_id}`,
  created_at: '2026-01-01T00:00:00.000Z',
})

/** A server with one room, that numbers what it gets, once by client id; `fault` may throw before or after that. */
function scene(kept: readonly Draft[] = []) {
  const disk = new Map(kept.map((each) => [each.client_id, each]))
  const room: Message[] = []
  const waits: number[] = []
  const faults: (undefined | { before?: ApiError; after?: ApiError })[] = []
  const told: Message[] = []
  const outbox = new Outbox({
    store: {
      load: async () => [...disk.values()],
      put: async (each) => void disk.set(each.client_id, each),
      remove: async (id) => void disk.delete(id),
    },
    send: async ({ client_id, room_id, content, created_at }) => {
      const fault = faults.shift()
      if (fault?.before) throw fault.before
      const known = room.find((message) => message.client_id === client_id)
      const seq = room.length + 1
      const message = known ?? { id: `m${seq}`, room_id, seq, sender_id: 'me', content, client_id, created_at }
      if (!known) room.push(message)
      if (fault?.after) throw fault.after
      return message
    },
    onSent: (message) => told.push(message),
    onChange: () => undefined,
    wait: async (milliseconds) => void waits.push(milliseconds),
  })
  return { outbox, disk, room, waits, faults, told, order: () => room.map(({ client_id }) => client_id) }
}

const cut = new ApiError(0, 'offline', 'cut')

test('what is written offline is kept, and sent in order when the connection is back', async () => {
  const { outbox, disk, faults, order } = scene()
  faults.push({ before: cut }, { before: cut }, { before: cut })
  for (const id of ['a', 'b', 'c']) await outbox.add(draft(id))
  expect(order()).toEqual([])
  expect([...disk.keys()]).toEqual(['a', 'b', 'c'])
  await outbox.flush()
  expect(order()).toEqual(['a', 'b', 'c'])
  expect([outbox.drafts, disk.size]).toEqual([[], 0])
})

test('an acknowledgement that got lost makes no second message', async () => {
  const { outbox, faults, order, told } = scene()
  faults.push({ after: cut })
  await outbox.add(draft('a'))
  expect(outbox.drafts).toHaveLength(1)
  await outbox.add(draft('b'))
  expect(order()).toEqual(['a', 'b'])
  expect(told.map(({ seq }) => seq)).toEqual([1, 2])
})

test('another page finds what the last one could not send', async () => {
  const { outbox, order } = scene([draft('a'), draft('b')])
  await outbox.load()
  await outbox.add(draft('c'))
  expect(order()).toEqual(['a', 'b', 'c'])
})

test('a refusal for now is waited out, in order', async () => {
  const { outbox, faults, waits, order } = scene()
  faults.push({ before: new ApiError(429, 'too_many_requests', 'slowly', 3) }, { before: new ApiError(503, 'x', 'y') })
  await outbox.add(draft('a'))
  await outbox.add(draft('b'))
  expect(waits).toEqual([3_000, 1_000])
  expect(order()).toEqual(['a', 'b'])
})

test('a refusal for good is shown and does not hold up the others; it can be tried again', async () => {
  const { outbox, faults, order } = scene()
  faults.push({ before: new ApiError(403, 'forbidden', 'Only members may write in this room.') })
  await outbox.add(draft('a'))
  await outbox.add(draft('b'))
  expect(order()).toEqual(['b'])
  expect(outbox.drafts).toEqual([{ ...draft('a'), refusal: 'Only members may write in this room.' }])
  await outbox.retry('a')
  expect(order()).toEqual(['b', 'a'])
})

test('what the room tells before the acknowledgement comes is settled', async () => {
  const { outbox, disk, faults } = scene()
  faults.push({ after: cut })
  await outbox.add(draft('a'))
  outbox.settle('a')
  await Promise.resolve()
  expect([outbox.drafts, disk.size]).toEqual([[], 0])
})
