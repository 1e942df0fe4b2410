import { Child } from '../harness/child.ts'
import type { Options } from '../harness/options.ts'
import { type Outcome, progress } from '../harness/output.ts'
import { table } from '../harness/table.ts'
import { Usage } from '../harness/usage.ts'
import { wait, within } from '../harness/wait.ts'
import { BroadcastServer } from '../servers/broadcast.ts'
import { QuickServer } from '../servers/quick.ts'
import { plimsollRun } from '../tools/plimsoll.ts'

const USERS = 10_000

interface Kind {
  readonly name: string
  readonly barMb: number
  readonly plan: string
  readonly protocol?: string
  readonly server: { start(core: number | undefined): Promise<IdleServer> }
}

interface IdleServer {
  readonly url: string
  tick(): Promise<{ readonly connections: number }>
  stop(): Promise<void>
}

const kinds: readonly Kind[] = [
  { name: 'HTTP', barMb: 200, plan: 'idle/idle.plan.ts', server: QuickServer },
  { name: 'WebSocket', barMb: 250, plan: 'idle/sockets.plan.ts', protocol: 'ws', server: BroadcastServer },
  { name: 'Socket.IO', barMb: 400, plan: 'idle/sockets.plan.ts', protocol: 'socketio', server: BroadcastServer },
]

interface Weight {
  readonly kind: Kind
  /** Resident bytes of whole processes: with one user, and with all. */
  readonly one: number
  readonly all: number
}

/** What 10,000 users weigh who are connected and do nothing, and what one such user weighs, whole processes each. */
export async function idle({ quick, cores }: Options): Promise<Outcome> {
  const seconds = quick ? 5 : 20
  const weights: Weight[] = []
  for (const kind of kinds) {
    const one = await peak(kind, 1, seconds, cores)
    const all = await peak(kind, USERS, seconds, cores)
    progress(`${kind.name}: one user ${mb(one)} MB, ${USERS} users ${mb(all)} MB`)
    weights.push({ kind, one, all })
  }
  const each = ({ one, all }: Weight) => ((all - one) / (USERS - 1) / 1000).toFixed(1)
  const rows = weights.map((weight) => [weight.kind.name, mb(weight.one), mb(weight.all), `${each(weight)} KB`])
  const head = ['most resident, MB', '1 user', `${USERS.toLocaleString('en')} users`, 'each user adds']
  return {
    title: `Memory of ${USERS.toLocaleString('en')} connected idle users`,
    markdown: table(head, rows),
    data: weights.map(({ kind: { name }, one, all }) => ({ name, users: USERS, one, all })),
    failed: weights
      .filter(({ kind, all }) => all > kind.barMb * 1e6)
      .map(
        ({ kind: { name, barMb }, all }) => `idle: ${name}: ${mb(all)} MB for ${USERS} users, and ${barMb} is the bar`,
      ),
  }
}

const mb = (bytes: number) => (bytes / 1e6).toFixed(1)

/** The most resident bytes seen from the start until `seconds` after the last user has connected. */
async function peak(kind: Kind, users: number, seconds: number, cores: Options['cores']): Promise<number> {
  const server = await kind.server.start(cores?.server)
  const env = { IDLE_USERS: `${users}`, PROTOCOL: kind.protocol ?? '' }
  const run = plimsollRun({ plan: kind.plan, url: server.url, env })
  const generator = new Child(run, cores?.generator)
  const usage = new Usage(generator.pid)
  let most = 0
  const sampling = setInterval(() => {
    most = Math.max(most, usage.memory())
  }, 250)
  try {
    const connected = async () => {
      while ((await server.tick()).connections < users);
    }
    const ended = generator.end(600_000).then(({ stderr }) => {
      throw new Error(`Plimsoll ended too early: ${stderr.trim().split('\n').slice(-5).join('\n')}`)
    })
    await within(90, `connecting ${users} users`, Promise.race([connected(), ended]))
    await wait(seconds)
    const { connections } = await server.tick()
    if (connections < users) throw new Error(`only ${connections} of ${users} users stayed connected`)
    return most
  } finally {
    clearInterval(sampling)
    generator.kill()
    await generator.end()
    await server.stop()
  }
}
