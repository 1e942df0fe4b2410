import { after, apply, applyAll, before, compose } from '../../apps/harbor/src/documents/text-operation.ts'
import { DocumentClient } from '../../apps/harbor/web/src/documents/document-client.ts'
import { ascending, quantile, spread } from '../harness/statistics.ts'
import { edits, text, writing } from './typing.ts'

/** In milliseconds, medians of the rounds. */
export interface Timed {
  readonly name: string
  readonly p50: number
  readonly p99: number
  readonly bar: number
}

const [mine = [], theirs = []] = edits(2)
const [queue, otherQueue] = [compose(edits(1_000)), compose(edits(1_000, 1_000))]
const hundred = edits(100)
const written = writing(100)

const TRANSFORM = 5
const COMPOSE = 50

const measures: readonly (readonly [name: string, bar: number, work: () => unknown])[] = [
  ['transform an edit past another', TRANSFORM, () => after(mine, theirs)],
  [
    'transform both ways and apply to the text',
    TRANSFORM,
    () => [after(mine, theirs), apply(text, before(theirs, mine))],
  ],
  ['transform a queue of 1,000 past a queue of 1,000', TRANSFORM, () => after(queue, otherQueue)],
  ['compose 100 edits all over the text', COMPOSE, () => compose(hundred)],
  ['compose 100 letters of one sentence', COMPOSE, () => compose(written)],
  ['open: 100 KB that were pasted, and 100 edits', COMPOSE, () => applyAll('', [[text], ...hundred])],
]

export function timeEngine(rounds: number, calls: number): readonly Timed[] {
  const found = measures.map(() => ({ p50: [] as number[], p99: [] as number[] }))
  for (let round = 0; round < rounds; round++) {
    for (const [index, [, , work]] of measures.entries()) {
      const times = timesOf(work, calls)
      found[index]?.p50.push(quantile(times, 0.5))
      found[index]?.p99.push(quantile(times, 0.99))
    }
  }
  return measures.map(([name, bar], index) => ({
    name,
    bar,
    p50: spread(found[index]?.p50 ?? []).median,
    p99: spread(found[index]?.p99 ?? []).median,
  }))
}

/** Ascending, in milliseconds; as often again before, so that it is compiled. */
function timesOf(work: () => unknown, calls: number): Float64Array {
  for (let call = 0; call < calls; call++) work()
  return ascending(
    Array.from({ length: calls }, () => {
      const start = performance.now()
      work()
      return performance.now() - start
    }),
  )
}

/** What the client keeps and sends of 1,000 operations that were written offline, in bytes of JSON. */
export const queues = (): readonly (readonly [name: string, bytes: number])[] =>
  (
    [
      ['1,000 edits all over the text, queued offline', edits(1_000)],
      ['1,000 letters in a row, queued offline', writing(1_000)],
    ] as const
  ).map(([name, operations]) => {
    const client = new DocumentClient({ version: 1, content: text }, () => 'queued')
    for (const operation of operations) client.edit(operation)
    return [name, Buffer.byteLength(JSON.stringify(client.state.waiting))]
  })
