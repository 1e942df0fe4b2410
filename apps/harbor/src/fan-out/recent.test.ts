import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Recent, type Told } from './recent.ts'

const entry = (seq: number): Told => ({ seq, json: JSON.stringify({ seq, text: `\n "é" 👻 ${seq}` }) })

it('has nothing of what was before it', () => {
  const recent = new Recent()
  expect(recent.since(3)).toBeUndefined()
  recent.push(entry(38))
  expect(recent.since(36)).toBeUndefined()
  expect(recent.since(37)).toEqual([entry(38)])
})

it('gives all after a number, or nothing when that is not all, and keeps 500 at least', () => {
  fc.assert(
    fc.property(fc.nat({ max: 100 }), fc.integer({ min: 1, max: 1_300 }), fc.nat(), (start, count, where) => {
      const recent = new Recent()
      const all = Array.from({ length: count }, (_, index) => entry(start + 1 + index))
      for (const each of all) recent.push(each)
      const missed = 1 + (where % count)
      const since = recent.since(start + count - missed)
      if (missed <= 500) expect(since).toBeDefined()
      if (missed >= 550) expect(since).toBeUndefined()
      if (since) expect(since).toEqual(all.slice(-missed))
    }),
  )
})
