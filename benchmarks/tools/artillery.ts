import { existsSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from '../harness/child.ts'
import { inBenchmarks } from '../harness/paths.ts'
import { newFolder } from '../harness/scratch.ts'
import type { Percentiles, Tool } from './tool.ts'
import { versionOf } from './version-of.ts'

const program = inBenchmarks('rivals/node_modules/artillery/bin/run')
/** One worker, as all generators here have one core. */
const env = { ARTILLERY_DISABLE_TELEMETRY: 'true', WORKERS: '1', FORCE_COLOR: '0' }

/** Artillery with these arguments. */
export const artilleryProgram = (args: readonly string[]): Command => ({
  argv: [process.execPath, program, ...args],
  env,
})

interface Script {
  readonly url: string
  readonly phase: Readonly<Record<string, number>>
  readonly flow: readonly unknown[]
}

function artilleryRun({ url, phase, flow }: Script, folder: string): Command {
  const script = join(folder, 'artillery.json')
  const target = url.replace(/\/$/, '')
  writeFileSync(script, JSON.stringify({ config: { target, phases: [phase] }, scenarios: [{ flow }] }))
  return artilleryProgram(['run', '--quiet', '--output', join(folder, 'report.json'), script])
}

const get = { get: { url: '/' } }

export const artillery: Tool = {
  name: 'Artillery',
  version: () => (existsSync(program) ? versionOf([process.execPath, program, 'version'], env) : undefined),
  install: 'npm run bench -- --install-rivals',
  how: { closed: 'a loop in a scenario, one worker', open: 'arrivalRate: a user per request, one worker' },
  closed: ({ url, users }) =>
    artilleryRun(
      { url, phase: { duration: 1, arrivalCount: users }, flow: [{ loop: [get], count: 1_000_000 }] },
      newFolder(),
    ),
  open: ({ url, rate, seconds, scratch }) => ({
    ...artilleryRun({ url, phase: { duration: seconds, arrivalRate: rate }, flow: [get] }, scratch),
    read: async (): Promise<Percentiles> => {
      const report = JSON.parse(await readFile(join(scratch, 'report.json'), 'utf8'))
      const { p50, p90, p95, p99, p999 } = report.aggregate.summaries['http.response_time']
      return { p50, p90, p95, p99, 'p99.9': p999 }
    },
  }),
  once: (url) => artilleryRun({ url, phase: { duration: 1, arrivalCount: 1 }, flow: [get] }, newFolder()),
}
