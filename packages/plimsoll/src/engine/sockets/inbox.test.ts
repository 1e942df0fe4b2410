import { describe, expect, it } from 'vitest'
import { Inbox } from './inbox.ts'

interface Opened {
  readonly inbox: Inbox<number>
  readonly held: boolean[]
  readonly left: () => number
}

function openInbox(): Opened {
  const held: boolean[] = []
  let left = 0
  const inbox = new Inbox<number>({ pause: () => held.push(true), resume: () => held.push(false) }, () => left++)
  return { inbox, held, left: () => left }
}

const put = (inbox: Inbox<number>, count: number): void => {
  for (let i = 0; i < count; i++) inbox.put(i)
}

describe('an inbox', () => {
  it('hands messages on in their order, those that came before and those that are waited for', async () => {
    const { inbox } = openInbox()
    put(inbox, 2)
    const asked = [inbox.next(), inbox.next(), inbox.next(), inbox.next()]
    inbox.put(2)
    inbox.put(3)
    expect((await Promise.all(asked)).map(({ value }) => value)).toEqual([0, 1, 2, 3])
  })

  it('ends after what it still has, for all who wait', async () => {
    const { inbox } = openInbox()
    put(inbox, 1)
    const asked = [inbox.next(), inbox.next(), inbox.next()]
    inbox.end()
    expect((await Promise.all(asked)).map(({ done }) => done)).toEqual([false, true, true])
    expect(await inbox.next()).toEqual({ value: undefined, done: true })
  })

  it('holds the socket at a thousand messages, once, and lets it go on at half of them', async () => {
    const { inbox, held } = openInbox()
    put(inbox, 1100)
    expect(held).toEqual([true])
    for (let i = 0; i < 599; i++) await inbox.next()
    expect(held).toEqual([true])
    await inbox.next()
    expect(held).toEqual([true, false])
    put(inbox, 500)
    expect(held).toEqual([true, false, true])
  })

  it('lets the socket go on when it is left full', async () => {
    const { inbox, held, left } = openInbox()
    put(inbox, 1000)
    await inbox.return()
    expect(held).toEqual([true, false])
    expect(left()).toBe(1)
  })

  it('tells that a loop over it was broken off, and not that one came to its end', async () => {
    const broken = openInbox()
    put(broken.inbox, 1)
    for await (const message of { [Symbol.asyncIterator]: () => broken.inbox }) if (message === 0) break
    expect(broken.left()).toBe(1)
    const ended = openInbox()
    put(ended.inbox, 1)
    ended.inbox.end()
    for await (const message of { [Symbol.asyncIterator]: () => ended.inbox }) expect(message).toBe(0)
    expect(ended.left()).toBe(0)
  })

  it('does not leave a second reader waiting when the first breaks off', async () => {
    const { inbox } = openInbox()
    const second = inbox.next()
    await inbox.return()
    expect(await second).toEqual({ value: undefined, done: true })
  })
})
