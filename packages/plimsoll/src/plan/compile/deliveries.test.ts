import { describe, expect, test } from 'vitest'
import type { Problem } from '../problem.ts'
import { compileDeliveries } from './deliveries.ts'
import { compileField, missingField } from './field.ts'
import { Reader } from './reader.ts'

function read(value: unknown): { deliveries: ReturnType<typeof compileDeliveries>; problems: Problem[] } {
  const problems: Problem[] = []
  return { deliveries: compileDeliveries(new Reader(value, 'deliveries', problems)), problems }
}

const good = {
  join: { event: 'room:join', room: 'room_id', seq: 'seq' },
  publish: { event: 'message:send', room: 'room_id', key: (payload: { client_id: string }) => payload.client_id },
  receive: [
    { event: 'message', room: 'message.room_id', key: 'message.client_id' },
    { event: 'ack room:join', each: 'missed', room: 'room_id', key: 'client_id' },
  ],
}

describe('deliveries', () => {
  test('are read with every default', () => {
    const { deliveries, problems } = read({ message: good })
    expect(problems).toEqual([])
    expect(deliveries).toMatchObject([
      { name: 'message', toSender: true, grace: 2000, leave: undefined, join: { event: 'room:join' } },
    ])
    const [first, second] = deliveries[0]?.receive ?? []
    expect(first).toMatchObject({ event: 'message', source: 'event', each: undefined })
    expect(first?.room.read({ message: { room_id: 7 } })).toBe(7)
    expect(second).toMatchObject({ event: 'room:join', source: 'ack' })
    expect(second?.each?.read({ missed: [1] })).toEqual([1])
  })

  test('say everything that is missing at once', () => {
    const { problems } = read({ message: { publish: { event: 'send', romm: 'r' }, receive: {} } })
    expect(problems.map(({ path }) => path)).toEqual([
      'deliveries.message.publish.room',
      'deliveries.message.publish.key',
      'deliveries.message.publish.romm',
      'deliveries.message.receive.event',
      'deliveries.message.receive.room',
      'deliveries.message.receive.key',
      'deliveries.message.join',
    ])
  })

  test('do without a join where rooms are given', () => {
    const { join: _, ...rest } = good
    const { deliveries, problems } = read({ message: { ...rest, rooms: ['lobby'] } })
    expect(problems).toEqual([])
    expect(deliveries[0]?.rooms?.(undefined as never)).toEqual(['lobby'])
  })
})

describe('a field', () => {
  test('is read as far as its path leads', () => {
    const { read: field } = compileField('room.id')
    expect(field({ room: { id: 'a' } })).toBe('a')
    expect(field({ room: null })).toBeUndefined()
    expect(field(undefined)).toBeUndefined()
  })

  test('that is missing is named, from its path or from what a function looked at', () => {
    const message = { room_id: 1, sender: {} }
    expect(missingField(compileField('client_id'), message)).toBe('client_id')
    expect(
      missingField(
        compileField((payload) => payload.clientId),
        message,
      ),
    ).toBe('clientId')
    expect(
      missingField(
        compileField((payload) => payload.sender.name),
        message,
      ),
    ).toBe('sender.name')
    expect(
      missingField(
        compileField((payload) => payload.meta.id),
        message,
      ),
    ).toBe('meta')
    expect(
      missingField(
        compileField(() => undefined),
        message,
      ),
    ).toBe('() => undefined')
  })
})
