import { freePorts } from '../../apps/harbor/cluster/ports.ts'
import { findProgram, redisServer } from '../../apps/harbor/cluster/programs.ts'
import { accepts } from '../../apps/harbor/cluster/stores.ts'
import { Child } from '../harness/child.ts'
import { wait, within } from '../harness/wait.ts'

/** A redis-server that keeps nothing on disk, always at the same port. */
export class Redis {
  readonly url: string
  readonly #launch: () => Promise<Child>
  #child: Child

  private constructor(url: string, launch: () => Promise<Child>, child: Child) {
    this.url = url
    this.#launch = launch
    this.#child = child
  }

  static async start(core: number | undefined): Promise<Redis> {
    const program = await findProgram(redisServer)
    if (typeof program === 'string') throw new Error(program)
    const [port = 0] = await freePorts(1)
    const settings = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
    const launch = async () => {
      const child = new Child({ argv: [program.path, ...settings] }, core)
      const isUp = async () => {
        while (!(await accepts(port))) await wait(0.02)
      }
      await within(10, 'starting Redis', isUp())
      return child
    }
    return new Redis(`redis://127.0.0.1:${port}`, launch, await launch())
  }

  get pid(): number {
    return this.#child.pid
  }

  /** A crash, with everything that it held. */
  async restart(secondsAway: number): Promise<void> {
    await this.stop()
    await wait(secondsAway)
    this.#child = await this.#launch()
  }

  async stop(): Promise<void> {
    this.#child.kill()
    await this.#child.end()
  }
}
