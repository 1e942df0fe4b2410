import { describe, expect, it } from 'vitest'
import { fold } from '../../record/fold.ts'
import { type IntervalInput, RunBuilder } from '../../record/testing.ts'
import { diagnose } from './diagnose.ts'

const findings = (recipe: IntervalInput) => diagnose(fold(new RunBuilder().interval(recipe).end().events))

describe('findings about deliveries', () => {
  it('finds nothing where every message came once to those who should have it', () => {
    expect(findings({ deliveries: [{ published: 5, expected: 50, received: 50, late: 4, outOfOrder: 0 }] })).toEqual([])
  })

  it('names the rooms of a leak, before anything else', () => {
    const [first, ...rest] = findings({
      deliveries: [
        { expected: 50, received: 49, lost: 1, foreign: 2 },
        { room: 'b', expected: 50, received: 50, foreign: 7 },
        { room: 'c', expected: 50, received: 50 },
      ],
    })
    expect(first).toMatchObject({
      id: 'room-leak',
      evidence: ['message: 9 reached users who were not in the room, in 2 of 3 rooms: b (7), room-1 (2)'],
    })
    expect(rest.map(({ id }) => id)).toEqual(['messages-lost'])
  })

  it('tells losses around reconnects from others', () => {
    const deliveries = [{ expected: 50, received: 40, lost: 10 }]
    expect(findings({ deliveries })[0]?.title).toBe('Messages are lost')
    const [away] = findings({ deliveries, connections: [{ cut: 5, reconnected: 4, notRecovered: 3 }] })
    expect(away).toMatchObject({
      title: 'Messages are lost while users are away',
      evidence: [
        'message: 10 never came, in 1 of 1 rooms: room-1 (10)',
        '5 connections were cut or lost, 4 came back',
        '3 of them came back without the state that they had',
      ],
    })
  })

  it('is less sure when messages had to be settled early', () => {
    expect(findings({ deliveries: [{ expected: 5, lost: 5, settledEarly: 2 }] })[0]?.confidence).toBe(0.5)
  })

  it('lays copies to the resume when there was one', () => {
    const duplicated = (late: number) =>
      findings({ deliveries: [{ expected: 5, received: 5, duplicated: 2, late }] })[0]
    expect(duplicated(0)?.recommendation).toContain('subscriptions that are added twice')
    expect(duplicated(3)?.recommendation).toContain('Resume strictly after')
  })
})
