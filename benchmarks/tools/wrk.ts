import { inBenchmarks } from '../harness/paths.ts'
import { type Percentiles, percentileNames, type Tool } from './tool.ts'
import { versionOf } from './version-of.ts'

export const wrk: Tool = {
  name: 'wrk',
  version: () => versionOf(['wrk', '-v']),
  install: 'apt install wrk',
  how: { closed: 'one thread, no script', open: 'knows no rate: 10 connections in a closed loop' },
  closed: ({ url, users, seconds }) => ({ argv: ['wrk', '-t1', `-c${users}`, `-d${seconds}s`, url] }),
  open: ({ url, seconds }) => ({
    argv: ['wrk', '-t1', '-c10', `-d${seconds}s`, '-s', inBenchmarks('tools/wrk.lua'), url],
    read: async (stdout): Promise<Percentiles> => {
      const line = stdout.split('\n').find((text) => text.startsWith('percentiles ')) ?? ''
      const values = line.split(' ').slice(1).map(Number)
      const [p50, p90, p95, p99, p999] = percentileNames.map((_, i) => values[i])
      return { p50, p90, p95, p99, 'p99.9': p999 }
    },
  }),
  once: (url) => ({ argv: ['wrk', '-t1', '-c1', '-d1s', url] }),
}
