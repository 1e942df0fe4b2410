import { beforeEach, describe, expect, it } from 'vitest'
import { millis } from '../../base/units.ts'
import { Account } from './testing/account.ts'
import { EVENT } from './testing/scenario.ts'

/** Grace is 100 ms throughout; users 1 and 2 are members since long, unless a test says otherwise. */
let account: Account

beforeEach(() => {
  account = new Account()
  account.joined(1, 0)
  account.joined(2, 0)
})

describe('who should have a message', () => {
  it('is every member, the sender included: one copy each, and lost where none came', () => {
    account.published(1, 'k', 1000)
    account.received(1, 'k', 1005)
    expect(account.end()).toEqual({ published: 1, expected: 2, received: 1, lost: 1 })
  })

  it('is not the sender, when senders do not get their own', () => {
    account = new Account({ toSender: false })
    account.joined(1, 0)
    account.joined(2, 0)
    account.published(1, 'k', 1000)
    account.received(2, 'k', 1005)
    account.received(1, 'k', 1005)
    expect(account.end()).toEqual({ published: 1, expected: 1, received: 1, unexpected: 1 })
  })

  it('is known when the message is as old as the grace, and lost only at the end', () => {
    account.published(1, 'k', 1000)
    account.ledger.tend(millis(1099))
    expect(account.counts()).toEqual({ published: 1 })
    account.ledger.tend(millis(1100))
    expect(account.counts()).toEqual({ published: 1, expected: 2 })
    expect(account.end()).toEqual({ published: 1, expected: 2, lost: 2 })
  })

  it('is uncertain of who was joining: expected when it came', () => {
    account.joining(3, 1050)
    account.joined(3, 1080)
    account.published(1, 'meanwhile', 1060)
    account.published(1, 'meanwhile too', 1070)
    account.published(1, 'after', 1080)
    account.received(3, 'meanwhile', 1090)
    expect(account.end()).toEqual({ published: 3, expected: 8, received: 1, lost: 7, uncertain: 1 })
  })

  it('may meet who joins while it is on its way: expected when it came, and of no account when it did not', () => {
    account.joining(3, 1050)
    account.joined(3, 1080)
    account.published(1, 'overtaken', 1000)
    account.published(1, 'in time', 1010)
    account.received(3, 'overtaken', 1090)
    expect(account.end()).toEqual({ published: 2, expected: 5, received: 1, lost: 4 })
  })

  it('is uncertain of who left within the grace of its sending', () => {
    account.published(1, 'early', 1000)
    account.published(1, 'late', 1150)
    account.leaving(2, 1200)
    account.left(2, 1210)
    account.published(1, 'after', 1310)
    expect(account.end()).toEqual({ published: 3, expected: 4, lost: 4, uncertain: 1 })
  })

  it('is told by sequence numbers where they are known', () => {
    account.joining(3, 990)
    account.joined(3, 1040, 7)
    account.left(2, 1040, 7)
    account.published(1, 'seven', 1000)
    account.published(1, 'eight', 1000)
    account.fate('seven', 'confirmed', 7)
    account.received(1, 'eight', 1050, 8)
    // seven: 1 and 2; eight: 1 and 3
    expect(account.end()).toEqual({ published: 2, expected: 4, received: 1, lost: 3 })
  })

  it('is nobody when the server refused it', () => {
    account.published(1, 'k', 1000)
    account.received(2, 'k', 1005)
    account.ledger.tend(millis(2000))
    account.fate('k', 'refused')
    expect(account.end()).toEqual({ published: 1, unexpected: 1 })
  })

  it('is uncertain of everybody without it when its confirmation never came', () => {
    account.published(1, 'k', 1000)
    account.received(2, 'k', 1005)
    account.ledger.tend(millis(2000))
    account.fate('k', 'unknown')
    expect(account.end()).toEqual({ published: 1, expected: 1, received: 1, uncertain: 1 })
  })

  it('is the same when it was sent again under its key: one message, in doubt until a later try was confirmed', () => {
    account.published(1, 'k', 1000)
    account.received(2, 'k', 1005)
    account.fate('k', 'unknown')
    account.ledger.tend(millis(2000))
    account.published(1, 'k', 4000)
    account.fate('k', 'confirmed')
    expect(account.end()).toEqual({ published: 1, expected: 2, received: 1, lost: 1 })
  })

  it('keeps the membership of who joins again, and ends all of who is gone', () => {
    account.joining(2, 950)
    account.joined(2, 1050)
    account.published(1, 'k', 1000)
    account.ledger.gone(2, millis(1200))
    account.published(1, 'later', 1400)
    expect(account.end()).toEqual({ published: 2, expected: 3, lost: 3 })
  })

  it('is unsure, not lost, while a join has no answer; and lost once the failure was told as joined', () => {
    account.joining(3, 500)
    account.joined(3, 900)
    account.published(3, 'k', 1000)
    expect(account.end()).toEqual({ published: 1, expected: 3, lost: 3 })
  })

  it('is no one who was refused, but a member stays one whose second join was', () => {
    account.joining(3, 500)
    account.refused(3, 510)
    account.joining(2, 600)
    account.refused(2, 610)
    account.published(1, 'k', 1000)
    account.received(1, 'k', 1005)
    expect(account.end()).toEqual({ published: 1, expected: 2, received: 1, lost: 1 })
  })

  it('is known from the answer to a leaving, though a join that was refused came in between', () => {
    account.leaving(2, 900)
    account.joining(2, 901)
    account.refused(2, 950)
    account.published(1, 'k', 1000)
    account.fate('k', 'confirmed', 7)
    account.left(2, 1010, 7)
    expect(account.end()).toMatchObject({ published: 1, lost: 2 })
  })
})

describe('what is received', () => {
  it('counts copies after the first as duplicated', () => {
    account.published(1, 'k', 1000)
    for (const at of [1005, 1006, 1007]) account.received(2, 'k', at)
    account.received(1, 'k', 1005)
    account.ledger.tend(millis(2000))
    account.received(1, 'k', 2005)
    expect(account.end()).toEqual({ published: 1, expected: 2, received: 2, duplicated: 3 })
  })

  it('is late when the connection was made after it was sent', () => {
    account.published(1, 'k', 1000)
    account.received(1, 'k', 1005)
    account.ledger.reconnected(2, millis(1001))
    account.received(2, 'k', 1005)
    expect(account.end()).toEqual({ published: 1, expected: 2, received: 2, late: 1 })
    const series = account.recorder.swap().series
    expect(series.find(({ metric }) => metric === 'delivery.late_latency')?.count).toBe(1)
  })

  it('is out of order after a later one of the same sender, also when that is settled', () => {
    account.published(1, 'one', 1000)
    account.published(2, 'other', 1001)
    account.published(1, 'two', 1002)
    for (const user of [1, 2]) account.received(user, 'two', 1010)
    account.received(1, 'one', 1011)
    account.ledger.tend(millis(2000))
    account.received(2, 'one', 2001)
    expect(account.end()).toMatchObject({ received: 4, outOfOrder: 2 })
  })

  it('is foreign at who never was a member, or had left', () => {
    account.left(2, 500)
    account.published(1, 'k', 1000)
    account.received(1, 'k', 1005)
    account.received(2, 'k', 1005)
    account.received(9, 'k', 1005)
    account.received(9, 'k', 1006)
    expect(account.end()).toEqual({ published: 1, expected: 1, received: 1, foreign: 2, duplicated: 1 })
  })

  it('is unexpected when it is history, or nobody published it', () => {
    account.published(1, 'k', 1000)
    for (const user of [1, 2]) account.received(user, 'k', 1005)
    account.ledger.tend(millis(1500))
    account.joined(3, 2000)
    account.received(3, 'k', 2001)
    account.received(3, 'never', 2002)
    expect(account.end()).toEqual({ published: 1, expected: 2, received: 2, unexpected: 2 })
  })

  it('measures from the schedule, for messages, receivers and the last of them', () => {
    account.published(1, 'k', 1000, 990)
    account.received(1, 'k', 1005)
    account.received(2, 'k', 1010)
    account.ledger.settle(millis(2000))
    expect(account.ledger.take().last).toEqual({ messages: [`${EVENT}\na\nk`], micros: [20_000] })
    expect(account.recorder.swap().series).toMatchObject([
      { metric: 'delivery.latency', name: EVENT, count: 2, min: 15_000, max: 20_000 },
      { metric: 'delivery.receiver_mean', name: EVENT, count: 2 },
      { metric: 'delivery.receiver_max', name: EVENT, count: 2 },
    ])
  })
})

describe('news', () => {
  it('makes receipts wait until their publication is told, or cannot be any more', () => {
    const other = new Account({ workers: 2, worker: 1 })
    account = new Account({ workers: 2, worker: 0 })
    account.joined(2, 0)
    account.received(2, 'k', 1005)
    account.received(2, 'never', 1006)
    other.published(1, 'k', 1000)
    account.ledger.hear(other.ledger.takeNews(millis(1005)))
    expect(account.counts()).toEqual({ received: 1 })
    account.ledger.hear(other.ledger.takeNews(millis(1006)))
    expect(account.end()).toEqual({ expected: 1, received: 1, unexpected: 1 })
    expect(other.end()).toEqual({ published: 1 })
  })
})

describe('lingering', () => {
  it('knows when the last message was sent', () => {
    expect(account.ledger.lastPublishedAt).toBe(Number.NEGATIVE_INFINITY)
    account.published(1, 'one', 1000)
    account.published(1, 'two', 1001)
    account.received(2, 'one', 1002)
    expect(account.ledger.lastPublishedAt).toBe(1001)
  })
})
