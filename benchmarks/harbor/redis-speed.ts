import { progress } from '../harness/output.ts'
import { table } from '../harness/table.ts'
import { compressCached, type Value } from './cache-compression.ts'
import type { Part } from './part.ts'
import { type Timed, timeCommands } from './redis-commands.ts'

/** Redis by itself, against the seeds' milliseconds; and whether what is cached there should be compressed. */
export const redis: Part = {
  name: 'redis',
  title: "Redis, by harbor's client",
  async run({ quick, cores }) {
    const timed = await timeCommands(quick ? 3 : 25, cores)
    for (const { name, p50, p99 } of timed) progress(`${name}: ${p50.toFixed(3)} ms, p99 ${p99.toFixed(3)} ms`)
    const values = await compressCached(quick ? 100 : 1_000, cores?.server)
    return {
      markdown: [
        'One operation at a time, in ms; CPU of the client and of Redis in µs for each:',
        table(
          ['', 'p50', 'p95', 'p99', 'p99.9', 'bar at p99', 'client', 'Redis'],
          timed.map(({ name, p50, p95, p99, p999, bar, client, server }) => [
            name,
            ...[p50, p95, p99, p999].map((each) => each.toFixed(3)),
            bar === undefined ? '–' : `< ${bar}`,
            client.toFixed(0),
            server.toFixed(0),
          ]),
        ),
        "Values of harbor's caches, in bytes; CPU of harbor's process in µs for each call:",
        table(['', 'bytes', 'SET', 'GET', 'by', 'bytes', 'compress', 'decompress'], values.flatMap(rowsOf)),
      ].join('\n\n'),
      data: { timed, values },
      failed: [...timed.flatMap(late), ...timed.flatMap((one) => slower(one, timed))],
    }
  },
}

const late = ({ name, p99, bar }: Timed): readonly string[] =>
  bar === undefined || p99 < bar ? [] : [`${name} takes ${p99.toFixed(1)} ms (p99), and ${bar} is the bar`]

/** What is there to save another one's time must save it. */
function slower({ name, p50, instead }: Timed, all: readonly Timed[]): readonly string[] {
  const other = all.find((each) => each.name === instead)
  return other === undefined || p50 < other.p50 ? [] : [`${name} takes no less time than ${other.name}`]
}

const rowsOf = ({ name, bytes, write, read, ways }: Value) =>
  ways.map((way, index) => [
    ...(index === 0 ? [name, `${bytes}`, write.toFixed(0), read.toFixed(0)] : ['', '', '', '']),
    way.name,
    `${way.bytes}`,
    way.compress.toFixed(0),
    way.decompress.toFixed(0),
  ])
