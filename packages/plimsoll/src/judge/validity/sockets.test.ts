import { describe, expect, it } from 'vitest'
import { fold } from '../../record/fold.ts'
import { type IntervalInput, RunBuilder } from '../../record/testing.ts'
import { checkConservation } from './conservation.ts'
import { checkReceiveWait } from './v9-receive-wait.ts'

const many = (value: number, count = 200): number[] => Array.from({ length: count }, () => value)
const waits = (wait: number[], latency: number[], metric = 'delivery.latency') =>
  checkReceiveWait(
    fold(
      new RunBuilder()
        .interval({
          series: [
            { metric: 'generator.receive_wait', values: wait },
            { metric, values: latency },
          ],
        })
        .end().events,
    ),
  )

describe('V9', () => {
  it.each([
    ['short waits', many(1.5), many(10), undefined],
    ['waits above 2 ms', many(2.5), many(10), 'suspect'],
    ['waits below 5 % of slow deliveries', many(4), many(100), undefined],
    ['waits above 5 % of slow deliveries', many(6), many(100), 'suspect'],
    ['waits above 20 ms', many(21), many(50), 'invalid'],
    ['waits below a quarter of a slow p95', many(40), many(200), 'suspect'],
    ['two crowded turns', [...many(0.2, 100), 50, 50], many(10), undefined],
  ])('%s', (_, wait, latency, severity) => {
    expect(waits(wait, latency)?.severity).toBe(severity)
  })

  it('is held against acknowledgements where nothing is delivered, and says against what', () => {
    const flag = waits(many(30), many(10), 'socketio.ack_time')
    expect(flag?.reason).toMatch(/20 ms are allowed at a p95 of socketio\.ack_time of 10 ms$/)
  })

  it('says nothing of runs without either', () => {
    expect(waits(many(500), many(10), 'http.response_time')).toBeUndefined()
  })
})

describe('conservation of sockets', () => {
  const check = (recipe: IntervalInput, end: 'finished' | 'interrupted' = 'finished') =>
    checkConservation(
      fold(
        new RunBuilder()
          .interval(recipe)
          .end(end === 'finished' ? { kind: end } : { kind: end, signal: 'SIGINT', forced: true }).events,
      ),
    )?.reason

  it('holds when every delivery is received or lost, and every connection is open or ended', () => {
    expect(
      check({
        deliveries: [{ published: 2, expected: 10, received: 8, lost: 2 }],
        connections: [{ opened: 10, reconnected: 3, open: 4, closed: 5, cut: 3, lost: 1, neverBack: 1 }],
      }),
    ).toBeUndefined()
  })

  it('names the event and the room of a delivery that vanished', () => {
    const recipe = { deliveries: [{ expected: 10, received: 8, lost: 1 }] }
    expect(check(recipe)).toContain('message in room-1: 10 expected, but received and lost are 9')
    // Nobody had time to decide.
    expect(check(recipe, 'interrupted')).toBeUndefined()
  })

  it('names a connection that vanished, and one that came back from nowhere', () => {
    expect(check({ connections: [{ opened: 10, open: 8, closed: 1 }] })).toContain(
      'socketio: 10 connections stood, but those open or ended are 9',
    )
    expect(check({ connections: [{ opened: 1, open: 2, reconnected: 1 }] })).toContain('only 0 had ended')
  })
})
