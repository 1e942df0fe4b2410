import type { DeliveryCounts } from './types.ts'

/** What is counted of a message, and corrected when more becomes known about it. */
export interface Account {
  expected: number
  received: number
  late: number
  outOfOrder: number
  foreign: number
  unexpected: number
  duplicated: number
  uncertain: number
}

export interface Tally extends Account {
  readonly room: string
  published: number
  lost: number
  settledEarly: number
}

export function newAccount(): Account {
  return {
    expected: 0,
    received: 0,
    late: 0,
    outOfOrder: 0,
    foreign: 0,
    unexpected: 0,
    duplicated: 0,
    uncertain: 0,
  }
}

export function newTally(room: string): Tally {
  return { ...newAccount(), room, published: 0, lost: 0, settledEarly: 0 }
}

/** Puts `now` in the place of what was told of a message so far. */
export function correct(tally: Tally, told: Account, now: Account): void {
  tally.expected += now.expected - told.expected
  tally.received += now.received - told.received
  tally.late += now.late - told.late
  tally.outOfOrder += now.outOfOrder - told.outOfOrder
  tally.foreign += now.foreign - told.foreign
  tally.unexpected += now.unexpected - told.unexpected
  tally.duplicated += now.duplicated - told.duplicated
  tally.uncertain += now.uncertain - told.uncertain
  Object.assign(told, now)
}

/** The counts, when there are any; starts anew. */
export function takeCounts(event: string, tally: Tally): DeliveryCounts | undefined {
  const { room, ...counts } = tally
  if (Object.values(counts).every((count) => count === 0)) return undefined
  Object.assign(tally, newTally(room))
  return { event, room, ...counts }
}
