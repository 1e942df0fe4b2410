import { describe, expect, it } from 'vitest'
import { FakeClock } from '../../base/fake-clock.ts'
import { millis } from '../../base/units.ts'
import type { DeliveryLedger, LedgerNews } from '../../measure/deliveries/types.ts'
import { DeliveryDesk } from './delivery-desk.ts'

function setUp(isAlone = false) {
  const clock = new FakeClock()
  const declared: string[] = []
  const heard: LedgerNews[] = []
  const told: number[] = []
  const ledger = {
    declare: (event: string) => declared.push(event),
    hear: (news: LedgerNews) => heard.push(news),
    takeNews: (through: number) => ({ worker: 0, publications: [], updates: [], through }),
  } as unknown as DeliveryLedger
  const desk = new DeliveryDesk(ledger, clock, isAlone ? undefined : ({ through }) => told.push(through))
  return { clock, desk, declared, heard, told }
}

const news = (...events: string[]) =>
  ({ worker: 1, publications: events.map((event) => ({ event })), updates: [], through: 0 }) as unknown as LedgerNews

describe('the desk of deliveries', () => {
  it('tells the others twenty times a second how far it has told, from the first event on', () => {
    const { clock, desk, told } = setUp()
    clock.advance(millis(1000))
    expect(told).toEqual([])
    desk.declare('said')
    clock.advance(millis(200))
    expect(told).toEqual([1050, 1100, 1150, 1200])
  })

  it('begins with what another worker published, which it then knows itself', () => {
    const { clock, desk, declared, heard, told } = setUp()
    desk.hear(news('said', 'said', 'moved'))
    clock.advance(millis(50))
    expect(declared).toEqual(['said', 'moved'])
    expect(heard).toHaveLength(1)
    expect(told).toEqual([50])
  })

  it('says last that nothing will come any more, and then nothing', () => {
    const { clock, desk, told } = setUp()
    desk.declare('said')
    desk.fallSilent()
    clock.advance(millis(1000))
    expect(told).toEqual([Number.POSITIVE_INFINITY])
  })

  it('told the others less than all again when it heard from one of them after its last news', () => {
    const { clock, desk, heard, told } = setUp()
    desk.declare('said')
    desk.fallSilent()
    desk.hear(news('said', 'moved'))
    clock.advance(millis(1000))
    expect(heard).toHaveLength(1)
    expect(told).toEqual([Number.POSITIVE_INFINITY])
  })

  it('has nobody to tell in a run of one worker', () => {
    const { clock, desk } = setUp(true)
    desk.declare('said')
    clock.advance(millis(1000))
    expect(() => desk.fallSilent()).not.toThrow()
  })

  it('waits as long as the most patient event', () => {
    const { desk } = setUp()
    expect(desk.grace).toBe(0)
    desk.declare('said', { toSender: true, grace: millis(700) })
    desk.declare('moved', { toSender: true, grace: millis(300) })
    desk.declare('said', { toSender: true, grace: millis(9000) })
    expect(desk.grace).toBe(700)
  })
})
