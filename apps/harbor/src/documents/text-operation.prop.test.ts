import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { after, apply, applyAll, before, compose, type Operation, reachOf, readOperation } from './text-operation.ts'

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
const rowOn = (start: string) =>
  fc.integer({ min: 1, max: 12 }).chain((count) => {
    let chain = fc.constant({ start, row: [] as readonly Operation[], end: start })
    for (let n = 0; n < count; n++) {
      chain = chain.chain(({ row, end }) =>
        operationOn(end).map((operation) => ({ start, row: [...row, operation], end: apply(end, operation) })),
      )
    }
    return chain
  })
const textAndRow = word.chain(rowOn)

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
        expect(applyAll(start, row)).toBe(end)
      }),
      { numRuns: 1_000 },
    )
  })

  it('composes in whichever order: associative', () => {
    fc.assert(
      fc.property(textAndRow, fc.nat(), ({ row }, where) => {
        const at = where % row.length
        expect(compose([compose(row.slice(0, at)), compose(row.slice(at))])).toEqual(
          row.reduce<Operation>((sum, operation) => compose([sum, operation]), []),
        )
      }),
      { numRuns: 5_000 },
    )
  })

  it('transforms the same past what was composed as past one by one', () => {
    fc.assert(
      fc.property(
        textAndRow.chain((given) => fc.tuple(fc.constant(given), operationOn(given.start))),
        ([{ row, end }, other]) => {
          const moved = row.reduce(after, other)
          expect(apply(end, after(other, compose(row)))).toBe(apply(end, moved))
          expect(reachOf(moved).needs).toBeLessThanOrEqual(length(end))
          expect(length(apply(end, moved))).toBe(length(end) + reachOf(moved).grows)
        },
      ),
      { numRuns: 5_000 },
    )
  })

  it('converges where a queue that was composed meets what others wrote one by one', () => {
    fc.assert(
      fc.property(
        textAndRow.chain((theirs) => fc.tuple(fc.constant(theirs), rowOn(theirs.start))),
        ([{ start, row: theirs, end }, { row: ours }]) => {
          let queue = compose(ours)
          let shown = apply(start, queue)
          for (const operation of theirs) {
            shown = apply(shown, before(operation, queue))
            queue = after(queue, operation)
          }
          expect(apply(end, queue)).toBe(shown)
        },
      ),
      { numRuns: 5_000 },
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

it('applies long insertions, and what changes them, in their order', () => {
  const long = '👻'.repeat(3_000)
  const operations: Operation[] = [['ab'], [1, long], [2, 'x'], [3, { d: 2_997 }], [5, long, { d: 1 }]]
  expect(applyAll('', operations)).toBe(operations.reduce(apply, ''))
  expect(applyAll('', [[long]])).toBe(long)
  expect(applyAll('c', [])).toBe('c')
})

it('keeps the queue of a long time offline small: 1,000 keystrokes are less than 50 KB, sent as one', () => {
  const bytes = (queue: readonly Operation[]) => Buffer.byteLength(JSON.stringify(compose(queue)))
  expect(bytes(Array.from({ length: 1_000 }, (_, at) => [at + 20, 'ab ☂'[at % 4] ?? 'x']))).toBeLessThan(50_000)
  expect(bytes(Array.from({ length: 1_000 }, (_, n) => [((n * 7_919) % 90_000) + 1, 'xyz☂👻']))).toBeLessThan(50_000)
  expect(bytes(Array.from({ length: 1_000 }, (_, n) => [((n * 7_919) % 90_000) + 1, { d: 5 }]))).toBeLessThan(50_000)
})
