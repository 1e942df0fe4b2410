import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { after, apply, before, compose, type Operation, reachOf, readOperation } from './text-operation.ts'

const word = fc.string({ unit: fc.constantFrom('a', 'b', ' ', 'é', '☂', '𝔘', '👻'), maxLength: 6 })
const length = (text: string): number => [...text].length

/** Any operation on a text of that length. */
function operationOn(text: string): fc.Arbitrary<Operation> {
  const part = fc.oneof(
    fc.record({ keep: fc.nat({ max: 8 }) }),
    fc.record({ insert: word }),
    fc.record({ remove: fc.nat({ max: 5 }) }),
  )
  return fc.array(part, { maxLength: 6 }).map((parts) => {
    let left = length(text)
    const components: Operation = []
    for (const each of parts) {
      if ('insert' in each) components.push(each.insert)
      else {
        const count = Math.min(left, 'keep' in each ? each.keep : each.remove)
        left -= count
        if (count > 0) components.push('keep' in each ? count : { d: count })
      }
    }
    return readOperation(components.filter((component) => component !== '')) ?? []
  })
}

const textAndTwo = word.chain((text) => fc.tuple(fc.constant(text), operationOn(text), operationOn(text)))
const textAndRow = fc
  .tuple(word, fc.integer({ min: 1, max: 12 }), fc.infiniteStream(fc.nat()))
  .chain(([text, count]) => {
    let chain: fc.Arbitrary<{ text: string; row: Operation[] }> = fc.constant({ text, row: [] })
    for (let n = 0; n < count; n++) {
      chain = chain.chain(({ text, row }) =>
        operationOn(text).map((operation) => ({ text: apply(text, operation), row: [...row, operation] })),
      )
    }
    return chain.map(({ row, text: end }) => ({ start: text, row, end }))
  })

describe('a text operation', () => {
  it('converges in either order (TP1)', () => {
    fc.assert(
      fc.property(textAndTwo, ([text, one, other]) => {
        const first = apply(apply(text, one), after(other, one))
        const second = apply(apply(text, other), before(one, other))
        expect(second).toBe(first)
      }),
      { numRuns: 5_000 },
    )
  })

  it('does the same composed as one by one', () => {
    fc.assert(
      fc.property(textAndRow, ({ start, row, end }) => {
        expect(apply(start, compose(row))).toBe(end)
      }),
      { numRuns: 1_000 },
    )
  })

  it('transforms the same composed as one by one', () => {
    fc.assert(
      fc.property(
        textAndRow.chain((given) => fc.tuple(fc.constant(given), operationOn(given.start))),
        ([{ row, end }, other]) => {
          let moved = other
          for (const operation of row) moved = after(moved, operation)
          expect(reachOf(moved).needs).toBeLessThanOrEqual(length(end))
          expect(length(apply(end, moved))).toBe(length(end) + reachOf(moved).grows)
        },
      ),
      { numRuns: 1_000 },
    )
  })

  it('is read from nothing else', () => {
    for (const value of [
      null,
      {},
      [0],
      [-1],
      [1.5],
      [''],
      [{ d: 0 }],
      [{ d: 'x' }],
      [{ d: 1, e: 1 }],
      ['\0'],
      ['\ud800'],
      [[1]],
    ]) {
      expect(readOperation(value)).toBeUndefined()
    }
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const operation = readOperation(value)
        if (operation) expect(readOperation(operation)).toEqual(operation)
      }),
    )
  })
})

it('keeps the queue of a long time offline small: 1,000 keystrokes are less than 50 KB, sent as one', () => {
  const typed: Operation[] = Array.from({ length: 1_000 }, (_, at) => [at + 20, 'ab ☂'[at % 4] ?? 'x'])
  expect(JSON.stringify(compose(typed)).length).toBeLessThan(50_000)
  const scattered: Operation[] = Array.from({ length: 1_000 }, (_, n) => [((n * 7_919) % 90_000) + 1, 'xyz'])
  expect(JSON.stringify(compose(scattered)).length).toBeLessThan(50_000)
})
