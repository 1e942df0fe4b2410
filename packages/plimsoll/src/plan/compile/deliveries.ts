import { seconds } from '../../base/units.ts'
import type {
  CompiledDelivery,
  CompiledField,
  CompiledMembershipEvent,
  CompiledPublishEvent,
  CompiledReceiveEvent,
} from '../compiled.ts'
import type { Field } from '../deliveries.ts'
import { compileField } from './field.ts'
import { Reader } from './reader.ts'

const GRACE = seconds(2)
const EXAMPLE =
  "{ publish: { event: 'send', room: 'room', key: 'id' }, receive: { event: 'message', room: 'room', key: 'id' } }"

export function compileDeliveries(deliveries: Reader): readonly CompiledDelivery[] {
  return deliveries
    .entries()
    .map(([name, value]) => compileDelivery(name, new Reader(value, deliveries.at(name), deliveries.problems, EXAMPLE)))
}

function compileDelivery(name: string, reader: Reader): CompiledDelivery {
  const delivery: CompiledDelivery = {
    name,
    join: optional(reader, 'join', membership),
    leave: optional(reader, 'leave', membership),
    publish: publish(part(reader, 'publish', EXAMPLE)),
    receive: receives(reader),
    rooms: rooms(reader),
    toSender: reader.flag('toSender', true),
    grace: reader.duration('grace', GRACE),
  }
  if (delivery.join === undefined && delivery.rooms === undefined) {
    reader.note(
      'join',
      undefined,
      'how users come into rooms: join, or rooms',
      "add join: { event, room }, or rooms: ['all']",
    )
  }
  reader.finish()
  return delivery
}

function membership(reader: Reader): CompiledMembershipEvent {
  const read = membershipParts(reader)
  reader.finish()
  return read
}

function publish(reader: Reader): CompiledPublishEvent {
  const read = { ...membershipParts(reader), key: needField(reader, 'key') }
  reader.finish()
  return read
}

const membershipParts = (reader: Reader): CompiledMembershipEvent => ({
  event: reader.needText('event'),
  room: needField(reader, 'room'),
  seq: field(reader, 'seq'),
  accepted: field(reader, 'accepted'),
})

function receives(delivery: Reader): readonly CompiledReceiveEvent[] {
  const value = delivery.raw('receive')
  if (!Array.isArray(value)) return [receive(part(delivery, 'receive', EXAMPLE))]
  return value.map((entry, index) =>
    receive(new Reader(entry, `${delivery.at('receive')}[${index}]`, delivery.problems, EXAMPLE)),
  )
}

function receive(reader: Reader): CompiledReceiveEvent {
  const event = reader.needText('event')
  const [, acknowledged] = /^ack (.+)$/.exec(event) ?? []
  const read: CompiledReceiveEvent = {
    event: acknowledged ?? event,
    source: acknowledged === undefined ? 'event' : 'ack',
    each: field(reader, 'each'),
    room: needField(reader, 'room'),
    key: needField(reader, 'key'),
    seq: field(reader, 'seq'),
  }
  reader.finish()
  return read
}

function rooms(reader: Reader): CompiledDelivery['rooms'] {
  const value = reader.raw('rooms')
  if (value === undefined || typeof value === 'function') return value as CompiledDelivery['rooms']
  const names = reader.list('rooms')
  return () => names
}

function part(reader: Reader, key: string, expected: string): Reader {
  if (reader.raw(key) === undefined) reader.note(key, undefined, expected)
  return reader.nested(key, expected)
}

function optional<T>(reader: Reader, key: string, read: (reader: Reader) => T): T | undefined {
  return reader.raw(key) === undefined ? undefined : read(reader.nested(key, '{ event, room }'))
}

function needField(reader: Reader, key: string): CompiledField {
  const read = field(reader, key)
  if (read !== undefined) return read
  if (reader.raw(key) === undefined)
    reader.note(key, undefined, 'a field of the payload', "write 'room_id', or (payload) => payload.room_id")
  return compileField('')
}

function field(reader: Reader, key: string): CompiledField | undefined {
  const value = reader.raw(key)
  if (value === undefined) return undefined
  if (typeof value === 'string' || typeof value === 'function') return compileField(value as Field)
  reader.note(key, value, "a field of the payload: its path, such as 'room.id', or a function")
  return undefined
}
