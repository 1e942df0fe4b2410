import { beforeEach, describe, expect, test, vi } from 'vitest'
import { millis } from '../../base/units.ts'
import type { DeliveryLedger } from '../../measure/deliveries/types.ts'
import { compileDeliveries } from '../../plan/compile/deliveries.ts'
import { Reader } from '../../plan/compile/reader.ts'
import type { DeliveryOptions } from '../../plan/deliveries.ts'
import { DeclaredDeliveries } from './declared.ts'
import { reportMissing } from './report-missing.ts'

const said: unknown[][] = []
const ledger = new Proxy({} as DeliveryLedger, {
  get:
    (_, verb) =>
    (...args: unknown[]) =>
      said.push([verb, ...args]),
})
const gaveUp = vi.fn()

const message: DeliveryOptions = {
  join: { event: 'room:join', room: 'room_id', seq: 'seq' },
  leave: { event: 'room:leave', room: 'room_id' },
  publish: { event: 'message:send', room: 'room_id', key: 'client_id', seq: 'message.seq' },
  receive: [
    { event: 'message', room: 'room_id', key: 'client_id', seq: 'seq' },
    { event: 'messages', each: '', room: 'room_id', key: 'client_id' },
    { event: 'ack room:join', each: 'missed', room: 'room_id', key: 'client_id' },
  ],
}

function declared(options: DeliveryOptions = message): DeclaredDeliveries {
  const desk = { ledger, declare: (event: string) => said.push(['declare', event]) } as never
  const deliveries = compileDeliveries(new Reader({ message: options }, 'deliveries', []))
  return new DeclaredDeliveries(deliveries, desk, reportMissing(gaveUp))
}

const at = millis
const user = 7

beforeEach(() => {
  said.length = 0
  gaveUp.mockReset()
})

describe('emits', () => {
  test('join with the number that their acknowledgement brings', () => {
    const emitted = declared().emitted(user, 'room:join', { room_id: 'a' }, at(1), at(2))
    emitted?.acknowledged({ ok: true, seq: 41 }, at(5))
    expect(said.slice(1)).toEqual([
      ['joining', 'message', user, 'a', 2],
      ['joined', 'message', user, 'a', 5, 41],
    ])
  })

  test('that were refused make no member', () => {
    const emitted = declared().emitted(user, 'room:join', { room_id: 'a' }, at(1), at(2))
    emitted?.acknowledged({ ok: false }, at(5))
    expect(said.at(-1)).toEqual(['refused', 'message', user, 'a', 5])
  })

  test('that were never answered make a member all the same: who failed to join should have got the messages', () => {
    const emitted = declared().emitted(user, 'room:join', { room_id: 'a' }, at(1), at(2))
    emitted?.unanswered(at(9), true)
    expect(said.at(-1)).toEqual(['joined', 'message', user, 'a', 9, undefined])
  })

  test('publish, counted from the schedule, with the fate that their acknowledgement tells', () => {
    const deliveries = declared()
    const send = () => deliveries.emitted(user, 'message:send', { room_id: 3, client_id: 'k' }, at(1), at(2))
    send()?.acknowledged({ message: { seq: 9 } }, at(4))
    expect(said.slice(1)).toEqual([
      ['published', 'message', user, '3', 'k', 1, 2],
      ['settledAs', 'message', '3', 'k', 'confirmed', 9],
    ])
    send()?.acknowledged({ ok: false, error: 'too long' }, at(4))
    expect(said.at(-1)).toEqual(['settledAs', 'message', '3', 'k', 'refused', undefined])
    send()?.unanswered(at(4), true)
    expect(said.at(-1)).toEqual(['settledAs', 'message', '3', 'k', 'unknown', undefined])
    said.length = 0
    send()?.unanswered(at(4), false)
    expect(said).toEqual([['published', 'message', user, '3', 'k', 1, 2]])
  })

  test('of other events mean nothing', () => {
    expect(declared().emitted(user, 'typing', {}, at(1), at(2))).toBeUndefined()
  })
})

describe('events', () => {
  test('deliver one message, several, or what an acknowledgement brings along', () => {
    const deliveries = declared()
    deliveries.received(user, 'message', { room_id: 'a', client_id: 'k', seq: 2 }, at(3))
    deliveries.received(
      user,
      'messages',
      [
        { room_id: 'a', client_id: 'l' },
        { room_id: 'a', client_id: 'm' },
      ],
      at(4),
    )
    deliveries.answered(user, 'room:join', { missed: [{ room_id: 'a', client_id: 'n' }] }, at(5))
    deliveries.answered(user, 'room:join', { ok: true }, at(5))
    expect(said.slice(1).map(([verb, , , , key, time, seq]) => [verb, key, time, seq])).toEqual([
      ['received', 'k', 3, 2],
      ['received', 'l', 4, undefined],
      ['received', 'm', 4, undefined],
      ['received', 'n', 5, undefined],
    ])
    expect(gaveUp).not.toHaveBeenCalled()
  })

  test('whose first message lacks a declared field end the run, naming it; later ones may lack it', () => {
    const deliveries = declared({ ...message, receive: { event: 'message', room: 'room_id', key: (m) => m.clientId } })
    deliveries.received(user, 'message', { room_id: 'a', client_id: 'k' }, at(3))
    expect(gaveUp).toHaveBeenCalledExactlyOnceWith(
      'DELIVERY_FIELD',
      "deliveries.message.receive.key: the first message has no field 'clientId'; it has room_id, client_id",
    )
    gaveUp.mockReset()
    const tolerant = declared()
    tolerant.received(user, 'message', { room_id: 'a', client_id: 'k' }, at(3))
    tolerant.received(user, 'message', { room_id: 'a', system: true }, at(3))
    expect(gaveUp).not.toHaveBeenCalled()
  })
})

test('rooms that users are in by themselves count from the first attempt to connect', () => {
  const deliveries = declared({ ...message, rooms: (one: { id: number }) => [`room ${one.id}`] })
  deliveries.connecting({ id: user } as never, at(1))
  deliveries.connected({ id: user } as never, at(2))
  expect(said.slice(1)).toEqual([
    ['joining', 'message', user, 'room 7', 1],
    ['joined', 'message', user, 'room 7', 2, undefined],
  ])
})
