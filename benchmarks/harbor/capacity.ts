import { freePorts } from '../../apps/harbor/cluster/ports.ts'
import { accepts } from '../../apps/harbor/cluster/stores.ts'
import { Child } from '../harness/child.ts'
import { progress } from '../harness/output.ts'
import { inBenchmarks } from '../harness/paths.ts'
import { table } from '../harness/table.ts'
import { Usage } from '../harness/usage.ts'
import { wait, within } from '../harness/wait.ts'
import { runChat } from './chat-run.ts'
import { Deployment } from './deployment.ts'
import type { Part } from './part.ts'

const USERS = 200
/** Messages a second; each goes to the 50 of its room. */
const STEPS = [300, 500, 700, 900, 1100, 1300, 1600, 2000, 2500, 3000]
/** Seconds. */
const RAMP = 3
const STEADY = 8
/** Milliseconds. */
const LIMIT = 100

interface Step {
  readonly rate: number
  /** Messages a second that were delivered, of all those that should be sent. */
  readonly sent: number
  readonly p95: number | null
  readonly lost: number
  /** Cores that the server used. */
  readonly cores: number
  readonly isValid: boolean
}

interface Server {
  readonly url: string
  readonly pid: number
}

/** The instance has a core, generator, Postgres and Redis have the other one. */
export const capacity: Part = {
  name: 'capacity',
  title: `The most that one core carries before p95 passes ${LIMIT} ms: ${USERS} Socket.IO users in rooms of 50`,
  async run({ quick, cores }) {
    const steps = quick ? STEPS.slice(0, 2) : STEPS
    const deployment = await Deployment.start({ instances: 1, core: cores?.server, storesCore: cores?.generator })
    const [instance] = deployment.instances
    if (instance === undefined) throw new Error('harbor does not run')
    const stored = await climb(steps, instance, cores?.generator, deployment.known).finally(() => deployment.stop())
    const server = await startPlain(cores?.server)
    const plain = await climb(steps, server, cores?.generator, { PLAIN: '1' }).finally(() => server.stop())
    const rows = steps
      .slice(0, Math.max(stored.length, plain.length))
      .map((rate, index) => [`${rate}`, ...cellsOf(stored[index]), ...cellsOf(plain[index])])
    return {
      markdown: [
        table(head, rows),
        `Most messages a second with p95 below ${LIMIT} ms: harbor ${most(stored)}, plain Socket.IO ${most(plain)}.`,
        ...(stored.every(isInTime) ? ['Harbor did not reach its limit: the generator sent no more.'] : []),
      ].join('\n\n'),
      data: { harbor: stored, plain },
      failed: [...stored, ...plain].some(({ lost }) => lost > 0) ? ['messages were lost'] : [],
    }
  },
}

const columns = ['p95, ms', 'lost', 'cores']
const head = ['wanted/s', 'harbor: sent/s', ...columns, 'plain: sent/s', ...columns]

/** Up to the first step that is too much. */
async function climb(
  steps: readonly number[],
  { url, pid }: Server,
  core: number | undefined,
  env: Readonly<Record<string, string>>,
): Promise<readonly Step[]> {
  const done: Step[] = []
  for (const rate of steps) {
    const scale = { USERS: `${USERS}`, PER_MINUTE: `${rate * 60}`, RAMP: `${RAMP}`, SECONDS: `${STEADY}` }
    const chat = { plan: 'harbor/chat.plan.ts', url, core, env: { ...scale, ...env } }
    let cores = Number.NaN
    const { deliveries, result } = await runChat(chat, async () => {
      cores = await coresUsed(pid)
    })
    const { published, p95, lost } = deliveries
    const acks = result.metrics.find(
      ({ name, endpoint }) => name === 'socketio.ack_time' && endpoint === 'message:send',
    )
    const sent = (acks?.count ?? published) / STEADY
    const step = { rate, sent, p95, lost, cores, isValid: result.generator.valid }
    done.push(step)
    progress(`${env['PLAIN'] ? 'plain' : 'harbor'} ${rate}/s: ${cellsOf(step).join(' · ')}`)
    if (!isHeld(step)) break
  }
  return done
}

/** While all users are there: after the start, the signing in and the ramp, and before the end. */
async function coresUsed(pid: number): Promise<number> {
  const usage = new Usage(pid)
  await wait(RAMP + 3)
  usage.cpu()
  const began = performance.now()
  await wait(STEADY - 3)
  return usage.cpu() / ((performance.now() - began) / 1000)
}

const isInTime = ({ p95 }: Step) => p95 !== null && p95 < LIMIT
const isHeld = (step: Step) => isInTime(step) && step.sent > step.rate * 0.9

const most = (steps: readonly Step[]) => Math.max(0, ...steps.filter(isHeld).map(({ sent }) => Math.round(sent)))

const cellsOf = (step: Step | undefined): readonly string[] =>
  step === undefined
    ? ['–', '–', '–', '–']
    : [
        step.sent.toFixed(0),
        `${step.p95?.toFixed(1) ?? '–'}${step.isValid ? '' : ' (invalid run)'}`,
        `${step.lost}`,
        step.cores.toFixed(2),
      ]

async function startPlain(core: number | undefined) {
  const [port = 0] = await freePorts(1)
  const child = new Child({ argv: [process.execPath, inBenchmarks('servers/plain-socketio.mjs'), `${port}`] }, core)
  const isUp = async () => {
    while (!(await accepts(port))) await wait(0.05)
  }
  await within(10, 'starting the plain server', isUp())
  const stop = async () => {
    child.kill()
    await child.end()
  }
  return { url: `http://127.0.0.1:${port}`, pid: child.pid, stop }
}
