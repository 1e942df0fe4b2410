import { platform } from 'node:os'
import { PlimsollError } from '../../base/errors.ts'
import type { Probe } from '../probe.ts'
import { LinuxWatch } from './linux-watch.ts'
import { PsWatch } from './ps-watch.ts'
import type { ProcessWatch } from './watch.ts'

/**
 * The system under test as the operating system sees it: one process and everything below it.
 *
 * | value | unit | |
 * |---|---|---|
 * | `cpu` | share of all the machine's cores | |
 * | `cores` | cores in use | |
 * | `memory` | B, resident | pages shared between processes count once in each |
 * | `threads`, `open files` | | Linux |
 * | `disk read`, `disk write`, `disk` | B/s to and from storage | Linux |
 * | `network`, `network loopback` | B/s of the process's network namespace; the second is the loopback part | Linux |
 */
export class ProcessProbe implements Probe {
  readonly name = 'process'
  readonly #find: () => Promise<number | undefined>
  #pid = 0
  #watch: ProcessWatch | undefined

  /** `find` is asked for the process at every start: it may have been restarted under another pid. */
  constructor(find: () => Promise<number | undefined>) {
    this.#find = find
  }

  async start(): Promise<void> {
    const pid = await this.#find()
    if (pid === undefined) {
      throw new PlimsollError('PROBE_FAILED', 'the process probe found no process of the system on this machine', {
        hint: 'Give the plan `system.start` or `probes.process.pid`, or run as the user that the system runs as.',
      })
    }
    this.#pid = pid
    this.#watch = platform() === 'linux' ? new LinuxWatch(pid) : new PsWatch(pid)
    if ((await this.#watch.sample()) === undefined) throw this.#ended()
  }

  async sample(): Promise<Record<string, number>> {
    const values = await this.#watch?.sample()
    if (values === undefined) throw this.#ended()
    return values
  }

  async stop(): Promise<void> {
    this.#watch = undefined
  }

  #ended(): PlimsollError {
    return new PlimsollError('PROBE_FAILED', `process ${this.#pid} of the system has ended`, {
      hint: "The system's log says why.",
    })
  }
}
