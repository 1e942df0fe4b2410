import fc from 'fast-check'
import { expect, it } from 'vitest'
import { WaitingReceipts } from './fifo.ts'
import type { Room } from './room.ts'

it('gives receipts back in their order, whatever they grew beyond and wherever the ring began', () => {
  // Runs of arrivals and departures, so that the ring is full with its head anywhere.
  const runs = fc.array(fc.tuple(fc.nat(900), fc.nat(900)), { maxLength: 12 })
  fc.assert(
    fc.property(runs, (steps) => {
      const waiting = new WaitingReceipts()
      const rooms = [{}, {}] as unknown as Room[]
      let [pushed, shifted] = [0, 0]
      for (const [arrivals, departures] of steps) {
        for (let i = 0; i < arrivals; i++, pushed++) {
          waiting.push(rooms[pushed % 2]!, pushed, `k${pushed}`, pushed + 0.5, pushed * 2, pushed * 3)
        }
        for (let i = 0; i < departures && waiting.size > 0; i++, shifted++) {
          expect([waiting.slot, waiting.key, waiting.at, waiting.seq, waiting.reconnectedAt]).toEqual([
            shifted,
            `k${shifted}`,
            shifted + 0.5,
            shifted * 2,
            shifted * 3,
          ])
          expect(waiting.room).toBe(rooms[shifted % 2])
          waiting.shift()
        }
        expect(waiting.size).toBe(pushed - shifted)
        expect(waiting.bytes).toBeGreaterThanOrEqual(44 * waiting.size)
      }
    }),
    { numRuns: 50 },
  )
})
