import { readFileSync } from 'node:fs'
import { freePorts } from '../../apps/harbor/cluster/ports.ts'
import { readProc } from '../../packages/plimsoll/src/base/read-proc.ts'
import { parseRss } from '../../packages/plimsoll/src/probes/process/proc-files.ts'
import { ProcessTree } from '../../packages/plimsoll/src/probes/process/tree.ts'
import { Child } from '../harness/child.ts'
import { inBenchmarks } from '../harness/paths.ts'
import { newFolder } from '../harness/scratch.ts'
import { wait, within } from '../harness/wait.ts'
import { Postgres } from './postgres.ts'
import { Redis } from './redis.ts'

interface DeploymentOptions {
  readonly instances: number
  /** Where the instances and nginx may run, and where their stores may; anywhere when not given. */
  readonly core?: number | undefined
  readonly storesCore?: number | undefined
  readonly env?: Readonly<Record<string, string>>
}

interface Instance {
  readonly pid: number
  readonly url: string
}

/** Everyone here has the same address, and the real service's users have not: limits are out of the way. */
const withoutLimits = { HARBOR_RATE_LIMIT: '100000000', LOG_LEVEL: 'warn' }

/**
 * Harbor as `npm run harbor:cluster` runs it: instances behind nginx, kept running by their supervisor; with a Postgres
 * and a Redis that can be taken away. Instances are found in `/proc`, so Linux only.
 */
export class Deployment {
  /** nginx. */
  readonly url: string
  readonly postgres: Postgres
  readonly redis: Redis
  readonly #supervisor: Child
  readonly #count: number

  private constructor(url: string, postgres: Postgres, redis: Redis, supervisor: Child, count: number) {
    this.url = url
    this.postgres = postgres
    this.redis = redis
    this.#supervisor = supervisor
    this.#count = count
  }

  static async start({ instances, core, storesCore, env }: DeploymentOptions): Promise<Deployment> {
    const [postgres, redis, [port = 0]] = await Promise.all([
      Postgres.start(storesCore),
      Redis.start(storesCore),
      freePorts(1),
    ])
    const program = inBenchmarks('../apps/harbor/dist/cluster.js')
    const supervisor = new Child(
      {
        argv: [process.execPath, program, '--instances', `${instances}`, '--port', `${port}`],
        env: {
          ...withoutLimits,
          HARBOR_DATA: newFolder(),
          DATABASE_URL: postgres.url,
          REDIS_URL: redis.url,
          ...env,
        },
      },
      core,
    )
    const deployment = new Deployment(`http://127.0.0.1:${port}`, postgres, redis, supervisor, instances)
    const ended = supervisor.end(3_600_000).then(({ stdout, stderr }) => {
      throw new Error(`harbor did not start:\n${(stderr + stdout).split('\n').slice(-10).join('\n')}`)
    })
    ended.catch(() => undefined)
    try {
      await Promise.race([within(60, 'starting harbor', deployment.#isReady(deployment.url)), ended])
      return deployment
    } catch (error) {
      await deployment.stop()
      throw error
    }
  }

  /** Those that run, in the order of their names. */
  get instances(): readonly Instance[] {
    const tree = new ProcessTree([this.#supervisor.pid], { io: false })
    tree.advance()
    return tree.pids
      .flatMap((pid) => {
        const environment = environmentOf(pid)
        const name = environment.get('HARBOR_INSTANCE')
        return name === undefined ? [] : [{ pid, name, url: `http://127.0.0.1:${environment.get('PORT')}` }]
      })
      .sort((a, b) => a.name.localeCompare(b.name))
  }

  /** For plans: which processes are the system's own. */
  get known(): Readonly<Record<string, string>> {
    return { SYSTEM_PID: `${this.#supervisor.pid}`, DATABASE_URL: this.postgres.url }
  }

  /** A crash; the supervisor starts it again. */
  kill(index: number): void {
    const instance = this.instances[index]
    if (instance !== undefined) process.kill(instance.pid, 'SIGKILL')
  }

  /** Restarts all instances in turn; resolves when the last one is ready again. */
  async roll(): Promise<void> {
    const before = new Set(this.instances.map(({ pid }) => pid))
    process.kill(this.#supervisor.pid, 'SIGUSR2')
    const areOthers = async () => {
      for (;;) {
        const now = this.instances
        if (now.length === this.#count && now.every(({ pid }) => !before.has(pid))) break
        await wait(0.2)
      }
      await Promise.all(this.instances.map(({ url }) => this.#isReady(url)))
    }
    await within(120, 'restarting all instances', areOthers())
  }

  /** WebSockets that are open at all instances. */
  async sockets(): Promise<number> {
    const counts = this.instances.map(async ({ url }) => {
      const text = await (await fetch(`${url}/metrics`)).text()
      return Number(/^websocket_active_connections (\d+)/m.exec(text)?.[1] ?? 0)
    })
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0)
  }

  /** Resident bytes of the largest instance. */
  memory(): number {
    return Math.max(...this.instances.map(({ pid }) => parseRss(readProc(`/proc/${pid}/status`) ?? '') ?? 0))
  }

  async stop(): Promise<void> {
    for (const { pid } of this.instances) process.kill(pid, 'SIGKILL')
    process.kill(this.#supervisor.pid, 'SIGTERM')
    await this.#supervisor.end(20_000)
    await Promise.all([this.postgres.stop(), this.redis.stop()])
  }

  async #isReady(url: string): Promise<void> {
    const ask = () => fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) })
    while (
      !(await ask().then(
        ({ ok }) => ok,
        () => false,
      ))
    )
      await wait(0.1)
  }
}

/** Empty when it has ended meanwhile. */
function environmentOf(pid: number): ReadonlyMap<string, string> {
  try {
    const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
    return new Map(variables.map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]))
  } catch {
    return new Map()
  }
}
