import type { Options } from '../harness/options.ts'
import { type Outcome, progress } from '../harness/output.ts'
import { table } from '../harness/table.ts'
import { wait, within } from '../harness/wait.ts'
import { type ChatRun, runChat } from './chat-run.ts'
import { Deployment } from './deployment.ts'

interface Fault {
  readonly name: string
  readonly title: string
  /** Seconds of load, all users there. */
  readonly seconds: number
  /** Undefined: the plan itself makes it. */
  readonly cause?: (deployment: Deployment) => Promise<void>
  readonly env?: Readonly<Record<string, string>>
}

/** Seconds. */
const RAMP = 10
const BEFORE = 5

export const everyFault: readonly Fault[] = [
  { name: 'none', title: 'none', seconds: 15 },
  {
    name: 'redis',
    title: 'Redis: kill -9, 2 s away',
    seconds: 25,
    cause: (deployment) => deployment.redis.restart(2),
  },
  {
    name: 'postgres',
    title: 'Postgres: immediate stop, 1.5 s away',
    seconds: 25,
    cause: (deployment) => deployment.postgres.restart(1.5),
  },
  {
    name: 'instance',
    title: 'an instance: kill -9, started again',
    seconds: 25,
    cause: async (deployment) => deployment.kill(0),
  },
  {
    name: 'cut',
    title: 'all TCP connections cut, 0.5 s offline',
    seconds: 25,
    env: { CUT_AFTER: `${RAMP + BEFORE}s` },
  },
  {
    name: 'rolling',
    title: 'rolling restart of all instances',
    seconds: 45,
    cause: (deployment) => deployment.roll(),
  },
]

/** Three instances behind nginx, 300 users in rooms of 50, 2,000 messages a minute; a run for each fault. */
export async function faults({ quick, only }: Options): Promise<Outcome> {
  const chosen = everyFault.filter(({ name }) => only === undefined || only.includes(name))
  const load = { users: quick ? 100 : 300, perMinute: quick ? 700 : 2000, ramp: RAMP, before: BEFORE }
  const results = new Map<Fault, ChatRun>()
  const failed: string[] = []
  const deployment = await Deployment.start({ instances: 3 })
  try {
    for (const fault of chosen) {
      try {
        const run = await endure(deployment, fault, load)
        results.set(fault, run)
        failed.push(...missed(fault, run))
        progress(`${fault.title}: ${cellsOf(run).join(' · ')}`)
      } catch (error) {
        failed.push(`faults: ${fault.title}: ${error}`)
        progress(`${fault.title}: ${error}`)
      }
    }
  } finally {
    await deployment.stop()
  }
  return {
    title: `Faults: ${load.users} Socket.IO users on three instances of harbor`,
    markdown: table(
      head,
      [...results].map(([{ title }, run]) => [title, ...cellsOf(run)]),
    ),
    data: Object.fromEntries(
      [...results].map(([{ name }, { deliveries, silence, result }]) => [
        name,
        { deliveries, silence, reconnect: reconnectOf(result), generator: result.generator },
      ]),
    ),
    failed,
  }
}

interface Load {
  readonly users: number
  readonly perMinute: number
  /** Seconds until all users are there, and from then to the fault. */
  readonly ramp: number
  readonly before: number
}

/** One run with a fault in it, after everyone has come. */
export function endure(
  deployment: Deployment,
  { cause, seconds, env }: Fault,
  { users, perMinute, ramp, before }: Load,
): Promise<ChatRun> {
  const scale = { USERS: `${users}`, PER_MINUTE: `${perMinute}`, SECONDS: `${seconds}`, RAMP: `${ramp}` }
  const options = { plan: 'harbor/chat.plan.ts', url: deployment.url, env: { ...deployment.known, ...scale, ...env } }
  return runChat(options, async () => {
    if (cause === undefined) return
    const areThere = async () => {
      while ((await deployment.sockets()) < users) await wait(0.5)
    }
    await within(120, `waiting for ${users} users`, areThere())
    await wait(before)
    await cause(deployment)
  })
}

const head = [
  'fault',
  'messages',
  'lost',
  'doubled',
  'out of order',
  'late',
  'away',
  '95 % back, s',
  'longest gap, s',
  'p99, ms',
]

function cellsOf({ deliveries, result, silence }: ChatRun): readonly string[] {
  const { published, lost, duplicated, out_of_order, late, max, p99 } = deliveries
  const { away, p95, longest } = reconnectOf(result)
  return [
    ...[published, lost, duplicated, out_of_order, late, away].map((count) => count.toLocaleString('en')),
    p95 === undefined ? '–' : (p95 / 1000).toFixed(2),
    Math.max(silence, (max ?? 0) / 1000, longest / 1000).toFixed(1),
    p99 === null ? '–' : p99.toFixed(0),
  ]
}

function reconnectOf({ metrics }: ChatRun['result']) {
  const row = metrics.find(({ name }) => name === 'reconnect.time')
  return { away: row?.count ?? 0, p95: row?.p95 ?? undefined, longest: row?.max ?? 0 }
}

function missed({ title }: Fault, { deliveries: { lost, duplicated } }: ChatRun): string[] {
  return lost + duplicated === 0 ? [] : [`faults: ${title}: ${lost} lost, ${duplicated} doubled, and 0 is the bar`]
}
