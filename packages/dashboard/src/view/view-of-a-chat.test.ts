import { describe, expect, it } from 'vitest'
import { fold } from '../../../plimsoll/src/record/fold.ts'
import { generatedChat } from '../fixtures/generated-chat.ts'
import { answerRows } from './answer-rows.ts'
import { connectionRows } from './connection-rows.ts'
import { deliveryLatencyRows } from './delivery-latency.ts'
import { deliveryParts, eventDeliveries, fanOut, filterRooms, hasTrouble, worstFirst } from './delivery-rows.ts'
import { deliveryState } from './delivery-state.ts'
import { messageRows } from './message-rows.ts'
import { runKinds } from './run-kinds.ts'
import { socketColumns } from './socket-columns.ts'
import { summaryFigures } from './summary-figures.ts'
import { deliveryLimits } from './threshold-rows.ts'

const record = fold(generatedChat({ seconds: 60 }))
const events = eventDeliveries(record.deliveries)
const total = (of: 'lost' | 'received') => record.deliveries.reduce((sum, one) => sum + one[of], 0)
const [message] = events
if (message === undefined) throw new Error('a chat has messages')
const fine = { ...message.total, lost: 0, foreign: 0, duplicated: 0, outOfOrder: 0, received: message.total.expected }

describe('views of a chat', () => {
  it('sum rooms up by event', () => {
    expect(events.map(({ event, rooms }) => [event, rooms])).toEqual([
      ['message', 40],
      ['reaction', 40],
    ])
    expect(events.reduce((sum, one) => sum + one.total.lost, 0)).toBe(total('lost'))
    expect(fanOut(message.total)).toBeCloseTo(message.total.received / message.total.published)
  })

  it('divide what was expected into parts that sum up to it', () => {
    const parts = deliveryParts(message.total)
    expect(parts.map(({ name }) => name)).toEqual(['on time', 'late', 'lost'])
    expect(parts.reduce((sum, { count }) => sum + count, 0)).toBe(message.total.expected)
    expect(parts.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1)
    const underWay = { ...message.total, received: message.total.received - 7 }
    expect(deliveryParts(underWay).at(-1)).toMatchObject({ name: 'not known yet', count: 7 })
    expect(deliveryParts({ ...message.total, expected: 0 })).toEqual([])
  })

  it('say the gravest thing first', () => {
    expect(deliveryState({ ...fine, foreign: 2, lost: 3 }).text).toBe('2 to users who were not in the room')
    expect(deliveryState({ ...fine, lost: 3, duplicated: 4 })).toMatchObject({ tone: 'bad', text: '3 lost' })
    expect(deliveryState({ ...fine, duplicated: 4 })).toMatchObject({ tone: 'warn', text: 'none lost, 4 doubled' })
    expect(deliveryState({ ...fine, received: fine.expected - 1 }).text).toBe('none lost so far')
    expect(deliveryState(fine)).toMatchObject({ tone: 'good', text: 'none lost' })
    expect(deliveryState({ ...fine, expected: 0, received: 0 }).tone).toBe('neutral')
  })

  it('have the worst rooms first, and find rooms', () => {
    const lost = worstFirst(record.deliveries).map((one) => one.lost)
    expect(lost).toEqual(lost.toSorted((a, b) => b - a))
    expect(filterRooms(record.deliveries, { onlyTrouble: true, text: '' }).every(hasTrouble)).toBe(true)
    expect(filterRooms(record.deliveries, { onlyTrouble: false, text: ' HARBOUR-07' })).toHaveLength(2)
  })

  it('have as many deliveries and connections over time as in all', () => {
    const { received, lost, open, away } = socketColumns(record)
    const sum = (column: readonly (number | null)[]) => column.reduce<number>((all, value) => all + (value ?? 0), 0)
    expect(sum(received)).toBeCloseTo(total('received'), 6)
    expect(sum(lost)).toBeCloseTo(total('lost'), 6)
    expect(open.at(-1)).toBe(0)
    expect(Math.max(...away.map((value) => value ?? 0))).toBe(96)
  })

  it('tell how the broken came back, and who never did', () => {
    const [socketio, ws] = connectionRows(record)
    expect(socketio?.broken).toBe(96)
    expect(socketio?.away).toMatchObject({ count: 96, censored: 3 })
    expect(socketio?.recoveredShare).toBeGreaterThan(0.8)
    expect(ws).toMatchObject({ broken: 0, recoveredShare: undefined, away: undefined })
  })

  it('count messages and answers in the window that is asked for', () => {
    const [judged] = messageRows(record, 'judged')
    const [whole] = messageRows(record, 'whole')
    expect(judged?.count).toBeLessThan(whole?.count ?? 0)
    expect(whole?.bytesEach).toBeCloseTo(162)
    const kinds = new Set(answerRows(record, 'whole').map(({ kind }) => kind))
    expect([...kinds][0]).toBe('Socket.IO ack')
    expect(kinds).toContain('WebSocket request')
  })

  it('have latencies by event and kind, with limits of their own', () => {
    const kinds = deliveryLatencyRows(record, 'judged').map(({ name, kind }) => `${name}: ${kind}`)
    expect(kinds).toHaveLength(10)
    expect(kinds[0]).toBe('message: every delivery')
    const { thresholds } = record.started.plan
    expect(deliveryLimits(thresholds, 'message')).toEqual([{ q: 0.95, ms: 80, label: '< 80ms' }])
    expect(deliveryLimits(thresholds, undefined)).toEqual([])
  })

  it('know what kinds of traffic there were', () => {
    expect(runKinds(record)).toEqual({ http: true, connections: true, messages: true, deliveries: true, answers: true })
    expect(runKinds(fold(generatedChat({ seconds: 20, logins: false }))).http).toBe(false)
    expect(summaryFigures(record).map(({ label }) => label)).toEqual([
      'requests',
      'connections',
      'messages',
      'deliveries',
      'delivery p95',
      'lost',
      'users at most',
    ])
  })
})
