import { AFTER, BEFORE, type Claim, POSSIBLE, REQUIRED, UNSURE } from './memberships.ts'
import type { Message, Room } from './room.ts'
import { type Account, correct, newAccount } from './tally.ts'

export interface Review {
  /** Receivers that should have it and do not. */
  readonly missing: number
  /** Users whose joining or leaving is under way: whether it was meant for them is not known yet. */
  readonly undecided: number
  /** Exactly the memberships that claim it have it. */
  readonly isEverywhere: boolean
}

/**
 * Goes through all of a room's users, and puts what is known now in the place of what was counted of the message
 * before. `final`: what is missing is lost, or was uncertain.
 */
export function review(room: Room, message: Message, final: boolean): Review {
  const { memberships } = room
  const account = newAccount()
  let missing = 0
  let undecided = 0
  let isEverywhere = true
  for (const latest of memberships.latestOfEach()) {
    let strongest: Claim = BEFORE
    let first = -1
    let claimOfFirst: Claim = BEFORE
    let isUnderWay = false
    for (let slot = latest; slot >= 0; slot = room.earlier(slot, message)) {
      const claim = room.claim(message, slot)
      if (claim > strongest) strongest = claim
      if ((claim === UNSURE || claim === POSSIBLE) && !memberships.isSettled(slot)) isUnderWay = true
      const holds = room.holds(message, slot)
      if (holds !== claim >= POSSIBLE) isEverywhere = false
      if (!holds) continue
      // An earlier membership has it too, so that what came at the later one was a copy: or history, after rejoining.
      if (first >= 0) countRepeat(account, claimOfFirst)
      first = slot
      claimOfFirst = claim
    }
    if (first >= 0) countReceipt(account, message, strongest, first, claimOfFirst)
    else if (strongest === REQUIRED && message.fate !== 'unknown') missing++
    else if (strongest >= UNSURE) account.uncertain++
    if (isUnderWay) undecided++
  }
  account.expected += missing
  if (final) room.tally.lost += missing
  // Until then they may still come.
  else if (missing + undecided > 0) account.uncertain = 0
  correct(room.tally, message.account, account)
  return { missing, undecided, isEverywhere }
}

function countReceipt(account: Account, message: Message, strongest: Claim, slot: number, claimOfSlot: Claim): void {
  if (strongest >= POSSIBLE) {
    account.expected++
    account.received++
    if (message.isLate(slot)) account.late++
    if (message.isOutOfOrder(slot)) account.outOfOrder++
  } else if (claimOfSlot === AFTER) {
    account.foreign++
  } else {
    account.unexpected++
  }
}

function countRepeat(account: Account, claim: Claim): void {
  if (claim === BEFORE) account.unexpected++
  else account.duplicated++
}
