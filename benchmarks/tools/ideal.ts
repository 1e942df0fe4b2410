import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ascending, quantile } from '../harness/statistics.ts'
import { compiled } from '../servers/compile.ts'
import type { Percentiles, Tool } from './tool.ts'

/** servers/ideal.c: what a client can know at best on this machine. */
export const ideal: Tool = {
  name: 'ideal client',
  version: () => (compiled('ideal') === undefined ? undefined : 'servers/ideal.c'),
  install: 'apt install gcc',
  how: { open: 'servers/ideal.c: connections made beforehand, spinning until each instant' },
  open: ({ url, rate, seconds, scratch }) => {
    const log = join(scratch, 'ideal.log')
    return {
      argv: [compiled('ideal') ?? '', new URL(url).port, `${rate}`, `${seconds}`, log],
      read: async (): Promise<Percentiles> => {
        const bytes = await readFile(log)
        const times = new BigInt64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8)
        const sorted = ascending(Array.from(times).flatMap((time, i) => (i % 2 === 1 ? [Number(time) / 1e6] : [])))
        const at = (q: number) => quantile(sorted, q)
        return { p50: at(0.5), p90: at(0.9), p95: at(0.95), p99: at(0.99), 'p99.9': at(0.999) }
      },
    }
  },
}
