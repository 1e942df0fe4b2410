import { inBenchmarks } from '../harness/paths.ts'
import type { Tool } from './tool.ts'
import { versionOf } from './version-of.ts'

/** For start-up only. */
export const k6: Tool = {
  name: 'k6',
  version: () => versionOf(['k6', 'version']),
  install: 'https://grafana.com/docs/k6/latest/set-up/install-k6/',
  how: {},
  once: (url) => ({
    argv: [
      'k6',
      'run',
      '--quiet',
      '--vus',
      '1',
      '--iterations',
      '1',
      '--env',
      `URL=${url}`,
      inBenchmarks('tools/k6.js'),
    ],
  }),
}
