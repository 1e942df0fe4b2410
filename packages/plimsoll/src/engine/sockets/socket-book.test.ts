import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { count, SocketBook } from './socket-book.ts'

describe('connections', () => {
  it('are taken with what happened since; how many stand and are away goes on', () => {
    const book = new SocketBook()
    const counts = book.of('ws')
    counts.open = 2
    counts.away = 1
    counts.opened = 3
    counts.lost = 1
    expect(book.takeConnections()).toMatchObject([{ protocol: 'ws', open: 2, away: 1, opened: 3, lost: 1 }])
    expect(book.takeConnections()).toMatchObject([{ protocol: 'ws', open: 2, away: 1, opened: 0, lost: 0 }])
  })

  it('count on in the object that a socket keeps', () => {
    const book = new SocketBook()
    const kept = book.of('sse')
    book.takeConnections()
    kept.opened++
    expect(book.takeConnections()).toMatchObject([{ opened: 1 }])
  })
})

describe('messages', () => {
  it('are counted by protocol, direction and name, and only when there are any', () => {
    const book = new SocketBook()
    count(book.tallies('ws', 'in'), 'said', 10)
    count(book.tallies('ws', 'in'), 'said', 5)
    count(book.tallies('ws', 'out'), 'say', 3)
    count(book.tallies('sse', 'in'), 'said', 1)
    expect(book.takeMessages()).toEqual([
      { protocol: 'ws', direction: 'in', name: 'said', count: 2, bytes: 15 },
      { protocol: 'ws', direction: 'out', name: 'say', count: 1, bytes: 3 },
      { protocol: 'sse', direction: 'in', name: 'said', count: 1, bytes: 1 },
    ])
    expect(book.takeMessages()).toEqual([])
  })

  it('of a server that names each anew are all counted, in a thousand names and `other`', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3000), { maxLength: 4000, minLength: 1500 }), (names) => {
        const book = new SocketBook()
        for (const name of names) count(book.tallies('ws', 'in'), `m${name}`, 2)
        const taken = book.takeMessages()
        expect(taken.length).toBeLessThanOrEqual(1001)
        expect(taken.reduce((sum, one) => sum + one.count, 0)).toBe(names.length)
        expect(taken.reduce((sum, one) => sum + one.bytes, 0)).toBe(names.length * 2)
      }),
      { numRuns: 20 },
    )
  })
})
