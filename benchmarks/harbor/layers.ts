import { parseStat } from '../../packages/plimsoll/src/probes/process/proc-files.ts'
import { readProc } from '../../packages/plimsoll/src/probes/process/proc-reader.ts'
import { progress } from '../harness/output.ts'
import { spread } from '../harness/statistics.ts'
import { table } from '../harness/table.ts'
import { wait } from '../harness/wait.ts'
import { runPlan } from './chat-run.ts'
import { Deployment } from './deployment.ts'
import type { Part } from './part.ts'

/** As the plan's profile `normalRate` has it. */
const RATE = 105
const ROUNDS = 2

/** Each layer of HARBOR_SECURITY by itself, and all that came up to its day. */
const settings = [
  'none',
  'log',
  'anomaly',
  'ratelimit',
  'reputation',
  'alerts',
  'log,anomaly',
  'log,anomaly,ratelimit,reputation',
  'log,anomaly,ratelimit,reputation,alerts',
] as const
type Setting = (typeof settings)[number]

interface Figures {
  /** Of harbor's process, in milliseconds. */
  readonly cpuPerRequest: number
  readonly p50: number
  readonly p95: number
  /** MB. */
  readonly memory: number
}

export const layers: Part = {
  name: 'layers',
  title: `What each layer of security costs: ${RATE} requests a second of a hundred users`,
  async run({ quick, cores }) {
    const wanted: readonly Setting[] = quick ? ['none', 'log,anomaly,ratelimit,reputation,alerts'] : settings
    const rounds: Record<string, Figures[]> = {}
    for (let round = 0; round < (quick ? 1 : ROUNDS); round++) {
      for (const setting of wanted) {
        const figures = await measure(setting, cores)
        ;(rounds[setting] ??= []).push(figures)
        progress(
          `${setting}: ${figures.cpuPerRequest.toFixed(3)} ms of CPU a request, p95 ${figures.p95.toFixed(2)} ms`,
        )
      }
    }
    const median = (setting: Setting, of: (figures: Figures) => number) =>
      spread((rounds[setting] ?? []).map(of)).median
    const bare = median('none', ({ cpuPerRequest }) => cpuPerRequest)
    return {
      markdown: [
        table(
          ['layers', 'CPU a request, ms', 'of none', 'p50, ms', 'p95, ms', 'memory, MB'],
          wanted.map((setting) => {
            const cpu = median(setting, ({ cpuPerRequest }) => cpuPerRequest)
            return [
              setting,
              cpu.toFixed(3),
              `${(cpu / bare).toFixed(2)} ×`,
              median(setting, ({ p50 }) => p50).toFixed(2),
              median(setting, ({ p95 }) => p95).toFixed(2),
              median(setting, ({ memory }) => memory).toFixed(0),
            ]
          }),
        ),
        `Medians of ${quick ? 1 : ROUNDS} interleaved rounds, a harbor of its own in each.`,
      ].join('\n\n'),
      data: rounds,
      failed: [],
    }
  },
}

async function measure(layers: Setting, cores: { server: number; generator: number } | undefined): Promise<Figures> {
  const deployment = await Deployment.start({
    instances: 1,
    core: cores?.server,
    storesCore: cores?.server,
    env: {
      HARBOR_SECURITY: layers,
      HARBOR_RATE_LIMIT: '40,1000',
      HARBOR_TRUST_PROXY: '127.0.0.1',
      HARBOR_ADMIN_EMAIL: 'operator@plimsoll.test',
    },
  })
  try {
    const [instance] = deployment.instances
    if (instance === undefined) throw new Error('there is no instance')
    const shares: number[] = []
    let memory = 0
    let isOver = false
    const watching = (async () => {
      for (let last = cpuOf(instance.pid); !isOver; ) {
        await wait(1)
        const now = cpuOf(instance.pid)
        shares.push(now - last)
        memory = Math.max(memory, deployment.memory())
        last = now
      }
    })()
    const { metrics } = await runPlan({
      ...{ plan: '../plans/flux-studio.plan.ts', profile: 'normalRate', url: instance.url, seconds: 10 },
      core: cores?.generator,
      env: { DATABASE_URL: deployment.postgres.url },
    }).finally(() => {
      isOver = true
    })
    await watching
    const row = metrics.find(({ name, tag }) => name === 'http.response_time' && tag === 'who:good')
    return {
      // The load is most of the run, so its middle second is the load's; those of setup and of the end lie outside.
      cpuPerRequest: (spread(shares).median * 1000) / RATE,
      p50: row?.p50 ?? Number.NaN,
      p95: row?.p95 ?? Number.NaN,
      memory: memory / 1e6,
    }
  } finally {
    await deployment.stop()
  }
}

/** Seconds that a process has been at work. */
const cpuOf = (pid: number): number => parseStat(readProc(`/proc/${pid}/stat`) ?? '')?.cpu ?? 0
