import { join } from 'node:path'
import { freePorts } from '../../apps/harbor/cluster/ports.ts'
import type { Threshold } from '../harbor/chat-run.ts'
import { doubts } from '../harbor/part.ts'
import { Child } from '../harness/child.ts'
import type { Options } from '../harness/options.ts'
import { type Outcome, progress } from '../harness/output.ts'
import { inBenchmarks, plimsollCli } from '../harness/paths.ts'
import { newFolder } from '../harness/scratch.ts'
import { table } from '../harness/table.ts'
import { type PlimsollResult, readPlimsoll } from '../tools/plimsoll.ts'

/** Each plan's profiles that judge its targets at the load that its document asks for, and end within minutes. */
const profiles: Readonly<Record<string, readonly string[]>> = {
  'archive-origin': ['throughput'],
  'flux-studio': ['bruteForce', 'bots'],
  'time-warp': ['50-users', 'throughput'],
  dchat: ['throughput', 'spike'],
  'task9-chat': ['stepTo100', 'returning', 'burst'],
}

export const planNames = Object.keys(profiles)

/** Longer than any of these profiles. */
const PATIENCE = 600_000

type Result = PlimsollResult & { readonly thresholds: readonly Threshold[] }

/** The five plans on a harbor that each starts for itself, with its own Postgres: every target as a measured row. */
export async function plans({ quick, only }: Options): Promise<Outcome> {
  const sections: string[] = []
  const results: Record<string, Result> = {}
  const failed: string[] = []
  for (const plan of planNames.filter((name) => only === undefined || only.includes(name))) {
    for (const profile of quick ? ['smoke'] : (profiles[plan] ?? [])) {
      const place = `${plan}, ${profile}`
      const result = await run(plan, profile)
      results[place] = result
      const { thresholds, verdict, generator } = result
      const held = thresholds.filter(({ verdict }) => verdict === 'met').length
      progress(`${place}: ${verdict}, ${held} of ${thresholds.length} held`)
      failed.push(
        ...thresholds
          .filter(({ verdict }) => verdict !== 'met')
          .map((row) => `plans: ${place}: ${row.subject}, ${row.metric} ${row.limit}: ${row.verdict}, ${figure(row)}`),
      )
      sections.push(
        `### ${place}: ${verdict}, ${held} of ${thresholds.length} held`,
        table(
          ['target', 'limit', 'measured', ''],
          thresholds.map((row) => [row.subject, `${row.metric} ${row.limit}`, figure(row), row.verdict]),
        ),
        ...(generator.reasons.length === 0 ? [] : [doubts(place, generator).join('\n')]),
      )
    }
  }
  return { title: 'The five plans', markdown: sections.join('\n\n'), data: results, failed }
}

async function run(plan: string, profile: string): Promise<Result> {
  const scratch = newFolder()
  const [port = 0] = await freePorts(1)
  const argv = [process.execPath, plimsollCli, 'run', inBenchmarks(`../plans/${plan}.plan.ts`), '--profile', profile]
  const output = ['--quiet', '--json', join(scratch, 'result.json'), '--out', join(scratch, 'run')]
  const env = { PORT: `${port}`, HARBOR_DATA: join(scratch, 'harbor') }
  const { stderr } = await new Child({ argv: [...argv, ...output], env }, undefined).end(PATIENCE)
  try {
    return (await readPlimsoll(scratch)) as Result
  } catch {
    throw new Error(`${plan} gave no result: ${stderr.trim().split('\n').slice(-5).join('\n')}`)
  }
}

function figure({ actual, unit, atLeast }: Threshold): string {
  if (actual === null) return '–'
  const show = (value: number, of: string) =>
    `${atLeast ? '≥ ' : ''}${Number(value.toPrecision(3)).toLocaleString('en')}${of}`
  if (unit === 'ratio') return show(actual * 100, ' %')
  if (unit === 'count') return show(actual, '')
  return unit.startsWith('B') ? show(actual / 1e6, ` M${unit}`) : show(actual, ` ${unit}`)
}
