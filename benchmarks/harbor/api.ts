import { progress } from '../harness/output.ts'
import { table } from '../harness/table.ts'
import { runPlan, type Threshold } from './chat-run.ts'
import { Deployment } from './deployment.ts'
import { doubts, type Part } from './part.ts'

/** Of the plans' thresholds, the rows of the tables about requests. */
const isOfApi = ({ subject }: Threshold) => /^(GET|POST|http|ack|errors|checks)/.test(subject)

const plans = [
  { plan: '../plans/archive-origin.plan.ts', profile: 'throughput', seconds: 40 },
  { plan: '../plans/task9-chat.plan.ts', profile: 'stepTo100', seconds: 60 },
] as const

/** Harbor and its stores have one core together. */
export const api: Part = {
  name: 'api',
  title: 'The API tables, harbor and its stores on one core',
  async run({ quick, cores }) {
    const deployment = await Deployment.start({ instances: 1, core: cores?.server, storesCore: cores?.server })
    const url = deployment.instances[0]?.url ?? ''
    const rows: (Threshold & { readonly profile: string })[] = []
    const doubted: string[] = []
    try {
      for (const { plan, profile, seconds } of plans) {
        const env = { DATABASE_URL: deployment.postgres.url }
        const run = await runPlan({
          ...{ plan, profile, url, core: cores?.generator, env },
          seconds: quick ? seconds / 2 : seconds,
        })
        progress(`${profile}: ${run.verdict}`)
        doubted.push(...doubts(profile, run.generator))
        rows.push(...run.thresholds.filter(isOfApi).map((threshold) => ({ ...threshold, profile })))
      }
    } finally {
      await deployment.stop()
    }
    return {
      markdown: `${table(
        ['', 'of', 'limit', 'actual', ''],
        rows.map((row) => [
          `${row.subject} ${row.metric}`,
          row.profile,
          row.limit,
          row.actual === null ? '–' : `${Number(row.actual.toPrecision(4))}`,
          row.verdict,
        ]),
      )}\n\n${doubted.join('\n')}`,
      data: rows,
      failed: rows
        .filter(({ verdict }) => verdict !== 'met')
        .map((row) => `${row.profile}: ${row.subject} ${row.metric} is ${row.actual}, and the limit ${row.limit}`),
    }
  },
}
