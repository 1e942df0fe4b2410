import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Millis, micros, toMillis } from '../../base/units.ts'
import type { Exemplar } from '../../record/events.ts'
import { ExemplarBox, type Slowest } from './exemplar-box.ts'

const endpoint = (name: string): Slowest => ({ name, slowest: [] })
const example = (total: Millis, code?: string) => ({ total, code }) as unknown as Exemplar

/** As the observer does: asks first. */
function offer(box: ExemplarBox, among: Slowest, total: number): void {
  if (box.wantsSlow(among, micros(total))) box.keepSlow(among, example(toMillis(micros(total))))
}

describe('the slowest', () => {
  it('five of each endpoint are given out, whatever came in which order', () => {
    const totals = fc.uniqueArray(fc.integer({ min: 1, max: 10_000_000 }), { maxLength: 60 })
    fc.assert(
      fc.property(totals, totals, (of, others) => {
        const box = new ExemplarBox()
        const [one, other] = [endpoint('GET /'), endpoint('GET /other')]
        for (const total of of) offer(box, one, total)
        for (const total of others) offer(box, other, total)
        const slowest = (all: readonly number[]) => [...all].sort((a, b) => b - a).slice(0, 5)
        const taken = box.take().map(({ total }) => Math.round(total * 1000))
        expect(taken.sort((a, b) => a - b)).toEqual([...slowest(of), ...slowest(others)].sort((a, b) => a - b))
      }),
    )
  })

  it('must be slower than all before the last call too', () => {
    const box = new ExemplarBox()
    const one = endpoint('GET /')
    for (const total of [10, 20, 30, 40, 50]) offer(box, one, total)
    expect(box.take()).toHaveLength(5)
    offer(box, one, 10)
    expect(box.take()).toEqual([])
    offer(box, one, 60)
    expect(box.take()).toHaveLength(1)
  })
})

describe('failures', () => {
  it('are kept three times of each kind', () => {
    const box = new ExemplarBox()
    for (let i = 0; i < 10; i++) {
      for (const kind of ['HTTP_500 GET /', 'HTTP_404 GET /']) {
        if (box.wantsFailed(kind)) box.keepFailed(kind, example(toMillis(micros(1)), kind))
      }
    }
    expect(box.take().map(({ code }) => code)).toEqual(Array(3).fill(['HTTP_500 GET /', 'HTTP_404 GET /']).flat())
    expect(box.wantsFailed('HTTP_500 GET /')).toBe(false)
  })

  it('of a system that fails in ever new ways are kept of five hundred kinds', () => {
    const box = new ExemplarBox()
    let kept = 0
    for (let i = 0; i < 2000; i++) {
      if (!box.wantsFailed(`HTTP_500 GET /${i}`)) continue
      box.keepFailed(`HTTP_500 GET /${i}`, example(toMillis(micros(1))))
      kept++
    }
    expect(kept).toBe(500)
  })
})
