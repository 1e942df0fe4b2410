import { Child } from '../harness/child.ts'
import type { Options } from '../harness/options.ts'
import { type Outcome, progress } from '../harness/output.ts'
import { table } from '../harness/table.ts'
import { Usage } from '../harness/usage.ts'
import { wait, within } from '../harness/wait.ts'
import { QuickServer } from '../servers/quick.ts'
import { plimsollRun } from '../tools/plimsoll.ts'

const USERS = 10_000
const BAR_MB = 200

/** What 10,000 users weigh who are connected and do nothing, and what one such user weighs, whole processes each. */
export async function idle({ quick, cores }: Options): Promise<Outcome> {
  const seconds = quick ? 5 : 20
  const baseline = await peak(1, seconds, cores)
  progress(`one user: ${mb(baseline)} MB`)
  const whole = await peak(USERS, seconds, cores)
  progress(`${USERS} users: ${mb(whole)} MB`)
  const rows = [
    ['1 user', mb(baseline), ''],
    [`${USERS.toLocaleString('en')} users`, mb(whole), `${((whole - baseline) / (USERS - 1) / 1000).toFixed(1)} KB`],
  ]
  return {
    title: `Memory of ${USERS.toLocaleString('en')} connected idle users`,
    markdown: table(['', 'most resident, MB', 'each user adds'], rows),
    data: { users: USERS, baseline, whole },
    failed: whole <= BAR_MB * 1e6 ? [] : [`idle: ${mb(whole)} MB for ${USERS} users, and ${BAR_MB} is the bar`],
  }
}

const mb = (bytes: number) => (bytes / 1e6).toFixed(1)

/** The most resident bytes seen from the start until `seconds` after the last user has connected. */
async function peak(users: number, seconds: number, cores: Options['cores']): Promise<number> {
  const server = await QuickServer.start(cores?.server)
  const run = plimsollRun({ plan: 'idle/idle.plan.ts', url: server.url, env: { IDLE_USERS: `${users}` } })
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
    return most
  } finally {
    clearInterval(sampling)
    generator.kill()
    await generator.end()
    await server.stop()
  }
}
