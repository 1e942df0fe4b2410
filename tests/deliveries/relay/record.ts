import type { Member, Scripted } from './member.ts'
import type { Message, Room, Sender } from './room.ts'

export interface RoomRecord {
  readonly room: string
  published: number
  expected: number
  received: number
  late: number
  lost: number
  duplicated: number
  out_of_order: number
}

/** What truly happened. */
export interface RelayRecord {
  readonly rooms: readonly RoomRecord[]
  readonly scripted: Scripted
  readonly returns: number
  readonly joins: number
  readonly leaves: number
  /** From sending to writing, of each message's first copy at each member; milliseconds. */
  readonly latency: Readonly<Record<'p50' | 'p90' | 'p95' | 'p99' | 'max', number>>
}

/** Goes through every member's journal, by the definitions of docs/realtime.md. */
export function recordRooms(rooms: Iterable<Room>, members: Iterable<Member>): [RoomRecord[], Float64Array] {
  const records = new Map<Room, RoomRecord>()
  for (const room of rooms) {
    records.set(room, {
      room: room.name,
      published: room.seq,
      expected: room.expected,
      received: 0,
      late: 0,
      lost: room.expected,
      duplicated: 0,
      out_of_order: 0,
    })
  }
  const latencies: number[] = []
  for (const { journal } of members) {
    const arrived = new Set<Message>()
    const newest = new Map<Sender, number>()
    journal.messages.forEach((message, i) => {
      const record = records.get(message.room)
      if (record === undefined) return
      if (arrived.has(message)) {
        record.duplicated++
        return
      }
      arrived.add(message)
      record.received++
      record.lost--
      if (journal.late[i]) record.late++
      const before = newest.get(message.sender) ?? -1
      if (message.order < before) record.out_of_order++
      else newest.set(message.sender, message.order)
      latencies.push(((journal.writtenUs[i] ?? 0) - message.sentUs) / 1000)
    })
  }
  return [[...records.values()], Float64Array.from(latencies).sort()]
}

export function quantilesOf(sorted: Float64Array): RelayRecord['latency'] {
  // The value that this share of all is not above: the definition of the histogram's quantiles.
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
  return { p50: at(0.5), p90: at(0.9), p95: at(0.95), p99: at(0.99), max: at(1) }
}
