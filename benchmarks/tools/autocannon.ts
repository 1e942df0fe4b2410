import { existsSync } from 'node:fs'
import { inBenchmarks } from '../harness/paths.ts'
import type { Percentiles, Tool } from './tool.ts'
import { versionOf } from './version-of.ts'

const program = inBenchmarks('rivals/node_modules/autocannon/autocannon.js')
const autocannonCommand = (...args: string[]) => [process.execPath, program, ...args]

export const autocannon: Tool = {
  name: 'autocannon',
  version: () => (existsSync(program) ? versionOf(autocannonCommand('--version')) : undefined),
  install: 'npm run bench -- --install-rivals',
  how: { closed: 'no script', open: '-R over 50 connections, its own correction on, as by default' },
  closed: ({ url, users, seconds }) => ({ argv: autocannonCommand('-c', `${users}`, '-d', `${seconds}`, '-j', url) }),
  open: ({ url, rate, seconds }) => ({
    argv: autocannonCommand('-c', '50', '-R', `${rate}`, '-d', `${seconds}`, '-j', url),
    read: async (stdout): Promise<Percentiles> => {
      const { latency } = JSON.parse(stdout)
      // It gives 97.5 and no 95.
      return { p50: latency.p50, p90: latency.p90, p95: undefined, p99: latency.p99, 'p99.9': latency.p99_9 }
    },
  }),
  once: (url) => ({ argv: autocannonCommand('-c', '1', '-a', '1', url) }),
}
