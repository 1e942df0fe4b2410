import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from '../harness/child.ts'
import { inBenchmarks, plimsollCli } from '../harness/paths.ts'
import type { Percentiles, Tool } from './tool.ts'
import { versionOf } from './version-of.ts'

/** The parts of result.json that the benchmarks read. */
export interface PlimsollResult {
  readonly verdict: string
  readonly exitCode: number
  readonly metrics: readonly ({
    readonly name: string
    readonly endpoint?: string
    readonly tag?: string
    readonly count: number
  } & Readonly<Record<'p50' | 'p90' | 'p95' | 'p99' | 'p999' | 'max', number | undefined>>)[]
  readonly counters: { readonly iterations: number; readonly dropped: number }
  readonly generator: { readonly valid: boolean; readonly reasons: readonly string[] }
}

interface PlimsollRun {
  readonly plan: string
  readonly url: string
  readonly profile?: string
  readonly seconds?: number
  readonly scratch?: string
  readonly env?: Readonly<Record<string, string>>
}

export const plimsollRun = ({ plan, url, profile, seconds, scratch, env }: PlimsollRun): Command => ({
  argv: [
    ...[process.execPath, plimsollCli, 'run', inBenchmarks(plan), '--url', url],
    ...['--workers', '1', '--quiet', '--no-start'],
    ...(profile === undefined ? [] : ['--profile', profile]),
    ...(seconds === undefined ? [] : ['--duration', `${seconds}s`]),
    ...(scratch === undefined ? [] : ['--json', join(scratch, 'result.json'), '--out', join(scratch, 'run')]),
  ],
  ...(env && { env }),
})

export async function readPlimsoll(scratch: string): Promise<PlimsollResult> {
  return JSON.parse(await readFile(join(scratch, 'result.json'), 'utf8'))
}

export const plimsoll: Tool = {
  name: 'Plimsoll',
  version: () => (existsSync(plimsollCli) ? versionOf([process.execPath, plimsollCli, '--version']) : undefined),
  install: 'npm run build',
  how: {
    closed: 'a scripted journey with a named request and a check; one worker; all of its measuring and storing on',
    open: 'arrivals with even gaps, one worker',
  },
  closed: ({ url, seconds }) => plimsollRun({ plan: 'throughput/bench.plan.ts', url, seconds }),
  open: ({ url, rate, seconds, scratch }) => ({
    ...plimsollRun({ plan: 'accuracy/accuracy.plan.ts', url, profile: `${rate}/s`, seconds, scratch }),
    read: async (): Promise<Percentiles> => {
      const { metrics } = await readPlimsoll(scratch)
      const row = metrics.find(({ name, endpoint }) => name === 'http.response_time' && endpoint === undefined)
      return { p50: row?.p50, p90: row?.p90, p95: row?.p95, p99: row?.p99, 'p99.9': row?.p999 }
    },
  }),
  once: (url) => plimsollRun({ plan: 'startup/startup.plan.ts', url }),
}
