import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Message } from './message.ts'
import { Timeline } from './timeline.ts'

const message = (seq: number): Message => ({
  id: `m${seq}`,
  room_id: 'r',
  seq,
  sender_id: 'u',
  content: `number ${seq}`,
  client_id: null,
  created_at: '2026-01-01T00:00:00.000Z',
})
const upTo = (count: number) => Array.from({ length: count }, (_, index) => message(index + 1))

test('a number that is skipped is known to be missing, and healed', () => {
  const timeline = new Timeline()
  timeline.add([message(1), message(2), message(6)])
  expect(timeline.missing({ from: 1, to: 10 }, 50)).toEqual([{ from: 1, to: 6 }])
  expect(timeline.missing({ from: 1, to: 2 }, 50)).toEqual([])
  timeline.fill({ from: 1, to: 6 }, upTo(6))
  expect(timeline.missing({ from: 1, to: 10 }, 50)).toEqual([])
  expect(timeline.newest(10).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6])
})

test('what comes twice is there once', () => {
  const timeline = new Timeline()
  expect(timeline.add([message(1)])).toBe(true)
  expect(timeline.add([message(1)])).toBe(false)
  expect(timeline.held).toBe(1)
})

test('what the server does not have is not asked for again', () => {
  const timeline = new Timeline()
  timeline.extend(5)
  timeline.fill({ from: 1, to: 5 }, [message(1), message(5)])
  expect(timeline.missing({ from: 1, to: 5 }, 50)).toEqual([])
  expect([2, 3, 4].every((seq) => timeline.isVoid(seq))).toBe(true)
})

test('in whatever order and how often pieces come, the whole is the same', () => {
  const pieces = fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 80 })
  fc.assert(
    fc.property(pieces, fc.integer({ min: 1, max: 20 }), (seqs, size) => {
      const timeline = new Timeline()
      timeline.extend(60)
      for (const seq of seqs) timeline.add([message(seq)])
      const spans = timeline.missing({ from: 1, to: 60 }, size)
      for (const span of spans) {
        expect(span.to - span.from).toBeLessThan(size)
        timeline.fill(span, upTo(60).slice(span.from - 1, span.to))
      }
      expect(timeline.newest(100)).toEqual(upTo(60))
    }),
  )
})

test('beyond ten thousand, those far from the view are let go and can be had again', () => {
  const timeline = new Timeline()
  timeline.add(upTo(10_001))
  timeline.trim({ from: 9_950, to: 10_001 })
  expect(timeline.held).toBe(8_000)
  expect(timeline.at(10_001)).toBeDefined()
  expect(timeline.missing({ from: 1, to: 50 }, 50)).toEqual([{ from: 1, to: 50 }])
})
