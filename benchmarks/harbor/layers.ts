import { progress } from '../harness/output.ts'
import { ratios, spread } from '../harness/statistics.ts'
import { table } from '../harness/table.ts'
import { runPlan } from './chat-run.ts'
import { Deployment } from './deployment.ts'
import { doubts, type Part } from './part.ts'

const all = ['log', 'anomaly', 'ratelimit', 'reputation', 'alerts'] as const

const settings: readonly (readonly [name: string, layers: readonly string[]])[] = [
  ['all on', all],
  ['all off', []],
  ...all.map((layer) => [`without ${layer}`, all.filter((other) => other !== layer)] as const),
]

interface Figures {
  readonly rate: number
  readonly p50: number
  readonly p95: number
}

/** Rounds are interleaved, each setting on a harbor and stores of its own. */
export const layers: Part = {
  name: 'layers',
  title: 'What each layer of security costs a request',
  async run({ quick, rounds, cores }) {
    const seconds = quick ? 4 : 15
    const figures = settings.map((): Figures[] => [])
    const doubtful: string[] = []
    for (let round = 0; round < rounds; round += 1) {
      for (const [index, [name, on]] of settings.entries()) {
        const env = { HARBOR_SECURITY: on.join(',') || 'none' }
        const deployment = await Deployment.start({ instances: 1, core: cores?.server, storesCore: cores?.server, env })
        try {
          const url = deployment.instances[0]?.url ?? ''
          const plan = 'harbor/layers.plan.ts'
          const run = await runPlan({ plan, url, seconds, core: cores?.generator, env: deployment.known })
          const row = run.metrics.find((each) => each.name === 'http.response_time' && each.endpoint === undefined)
          if (row?.p50 === undefined || row.p95 === undefined) throw new Error(`nothing was measured: ${run.verdict}`)
          figures[index]?.push({ rate: row.count / seconds, p50: row.p50, p95: row.p95 })
          doubtful.push(...doubts(`${name}, round ${round + 1}`, run.generator))
          progress(`${name}: ${(row.count / seconds).toFixed(0)} requests/s`)
        } finally {
          await deployment.stop()
        }
      }
    }
    const of = (index: number, what: keyof Figures) => (figures[index] ?? []).map((each) => each[what])
    const median = (index: number, what: keyof Figures) => spread(of(index, what)).median
    const rows = settings.map(([name], index) => [
      name,
      median(index, 'rate').toFixed(0),
      (ratios(of(index, 'rate'), of(0, 'rate'))?.median ?? Number.NaN).toFixed(3),
      median(index, 'p50').toFixed(2),
      median(index, 'p95').toFixed(2),
      index === 0 ? '' : (median(0, 'p95') - median(index, 'p95')).toFixed(2),
    ])
    const head = ['', 'requests/s', 'to all on', 'p50, ms', 'p95, ms', 'adds at p95, ms']
    return {
      markdown: [table(head, rows), doubtful.join('\n')].join('\n\n'),
      data: Object.fromEntries(settings.map(([name], index) => [name, figures[index]])),
      failed: [],
    }
  },
}
