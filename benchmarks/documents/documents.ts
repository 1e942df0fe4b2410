import type { Options } from '../harness/options.ts'
import { type Outcome, progress } from '../harness/output.ts'
import { spread } from '../harness/statistics.ts'
import { table } from '../harness/table.ts'
import { queues, timeEngine } from './engine.ts'
import { fillStore, READY, type Round } from './store.ts'

const QUEUE_BYTES = 50_000
const OPERATION_BYTES = 200
const MESSAGE_BYTES = 500
const STORE_BYTES = 50_000_000
/** Documents, and rooms. */
const OPEN = 100

interface Size {
  readonly name: string
  readonly bytes: number
  /** Undefined for what seed 000, whose figures are of memory, says nothing of. */
  readonly bar: number | undefined
}

/** Harbor's documents against seed 000's figures: the engine by itself, then what is kept on disk and in memory. */
export async function documents({ quick, rounds, cores }: Options): Promise<Outcome> {
  const times = timeEngine(rounds, quick ? 100 : 500)
  for (const { name, p50, p99 } of times) progress(`${name}: ${p50.toFixed(3)} ms, p99 ${p99.toFixed(3)} ms`)
  const open = quick ? 5 : OPEN
  const filled: Round[] = []
  for (let round = 0; round < rounds; round++) {
    const result = await fillStore(open, cores?.server)
    filled.push(result)
    progress(
      `an operation: ${result.operation.onDisk.toFixed(0)} B on disk, a message: ${result.message.onDisk.toFixed(0)} B`,
    )
  }
  const sizes = sizesOf(open, filled)
  return {
    title: 'Documents: 100 KB of text',
    markdown: [
      table(
        ['', 'p50, ms', 'p99, ms', 'bar'],
        times.map(({ name, p50, p99, bar }) => [name, p50.toFixed(4), p99.toFixed(4), `< ${bar}`]),
      ),
      table(
        ['', 'bytes', 'bar'],
        sizes.map(({ name, bytes, bar }) => [name, inFigures(bytes), bar === undefined ? '–' : `≤ ${inFigures(bar)}`]),
      ),
    ].join('\n\n'),
    data: { times, sizes, filled },
    failed: [
      ...times
        .filter(({ p99, bar }) => !(p99 < bar))
        .map(({ name, p99, bar }) => `documents: ${name} takes ${p99.toFixed(1)} ms (p99), and ${bar} is the bar`),
      ...sizes
        .flatMap((size) => (size.bar === undefined || size.bytes <= size.bar ? [] : [{ ...size, bar: size.bar }]))
        .map(
          ({ name, bytes, bar }) => `documents: ${name}: ${inFigures(bytes)} bytes, and ${inFigures(bar)} is the bar`,
        ),
    ],
  }
}

function sizesOf(open: number, filled: readonly Round[]): readonly Size[] {
  const median = (of: (round: Round) => number) => spread(filled.map(of)).median
  return [
    ...queues().map(([name, bytes]) => ({ name, bytes, bar: QUEUE_BYTES })),
    {
      name: 'an operation on disk, its index included',
      bytes: median(({ operation }) => operation.onDisk),
      bar: OPERATION_BYTES,
    },
    {
      name: 'an operation in memory, ready for who comes back',
      bytes: median(({ operation }) => operation.inMemory),
      bar: OPERATION_BYTES,
    },
    {
      name: 'a message of 100 bytes on disk, its indexes and words included',
      bytes: median(({ message }) => message.onDisk),
      bar: undefined,
    },
    {
      name: 'a message of 100 bytes in memory, ready for who comes back',
      bytes: median(({ message }) => message.inMemory),
      bar: MESSAGE_BYTES,
    },
    {
      name: `an instance's active store: ${open} documents and ${open} rooms, ${READY} of each ready`,
      bytes: median(({ active }) => active),
      bar: STORE_BYTES,
    },
  ]
}

const inFigures = (bytes: number): string => Math.round(bytes).toLocaleString('en')
