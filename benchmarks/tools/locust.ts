import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from '../harness/child.ts'
import { inBenchmarks } from '../harness/paths.ts'
import type { Percentiles, Tool } from './tool.ts'
import { versionOf } from './version-of.ts'

interface LocustRun {
  readonly url: string
  readonly users: number
  readonly seconds: number
  /** Iterations of each user per second; without one, as many as it can. */
  readonly perUser?: number
  readonly csv?: string
}

const locustRun = ({ url, users, seconds, perUser, csv }: LocustRun): Command => ({
  argv: [
    ...['locust', '-f', inBenchmarks('tools/locustfile.py'), '--headless', '--host', url.replace(/\/$/, '')],
    ...['-u', `${users}`, '-r', `${users}`, '-t', `${seconds}s`, '--only-summary'],
    ...(csv === undefined ? [] : ['--csv', csv]),
  ],
  env: perUser === undefined ? {} : { PER_USER: `${perUser}` },
})

export const locust: Tool = {
  name: 'Locust',
  version: () => versionOf(['locust', '--version']),
  install: 'apt install python3-locust, or pip install locust',
  how: {
    closed: 'FastHttpUser with a check',
    open: 'FastHttpUser, constant_throughput over 100 users (200 above 1,000/s)',
  },
  closed: ({ url, users, seconds }) => locustRun({ url, users, seconds }),
  open: ({ url, rate, seconds, scratch }) => {
    const users = rate > 1000 ? 200 : 100
    const csv = join(scratch, 'locust')
    return {
      ...locustRun({ url, users, seconds, perUser: rate / users, csv }),
      read: async () => readCsv(await readFile(`${csv}_stats.csv`, 'utf8')),
    }
  },
  once: (url) => locustRun({ url, users: 1, seconds: 2, perUser: 1 }),
}

/** The row of all requests together. No field of ours holds a comma. */
function readCsv(text: string): Percentiles {
  const [head = [], ...rows] = text.split('\n').map((line) => line.trim().split(','))
  const all = rows.find((row) => row.includes('Aggregated')) ?? []
  const at = (column: string) => Number(all[head.indexOf(column)])
  return { p50: at('50%'), p90: at('90%'), p95: at('95%'), p99: at('99%'), 'p99.9': at('99.9%') }
}
