import { cpus } from 'node:os'
import { readProc } from '../../base/read-proc.ts'
import type { HostInterval } from '../../record/events.ts'
import { countOpenFiles } from '../process/proc-reader.ts'
import { ProcessTree } from '../process/tree.ts'
import {
  cpuStatPaths,
  type MachineCpu,
  parseMachineCpu,
  parseMaxFiles,
  parsePressure,
  parseThrottled,
} from './host-files.ts'

interface Reading {
  readonly at: number
  readonly machine: MachineCpu | undefined
  readonly generator: number
  readonly pressure: number | undefined
  readonly throttled: number | undefined
}

/**
 * The machine and the generator's own process, once per interval and in well under a millisecond. `cpu…` are cores in
 * use; `steal` and `pressure` are shares of the interval's time, 0 to 1 (steal: of all cores together); `throttled`
 * counts the scheduler periods in which the generator's control group had used up its quota. Undefined is what the
 * platform does not tell: off Linux all but the generator's CPU and memory.
 */
export class HostSampler {
  readonly #cores = cpus().length
  readonly #systemPids: () => readonly number[]
  readonly #maxFiles = parseMaxFiles(readProc('/proc/self/limits') ?? '')
  readonly #cpuStats = cpuStatPaths(readProc('/proc/self/cgroup') ?? '').filter(
    (path) => parseThrottled(readProc(path) ?? '') !== undefined,
  )
  #system: { readonly pids: string; readonly tree: ProcessTree } | undefined
  #last: Reading

  /** `systemPids`: the roots of the system under test, as far as it runs on this machine; asked at every sample. */
  constructor(systemPids: () => readonly number[] = () => []) {
    this.#systemPids = systemPids
    this.#last = this.#read()
    this.#followSystem()
  }

  /** The interval from the last call, or from construction, until now. */
  sample(): HostInterval {
    const before = this.#last
    const now = this.#read()
    this.#last = now
    const seconds = Math.max(now.at - before.at, 1e-6)
    const per = (difference: number | undefined) => (difference === undefined ? undefined : difference / seconds)
    return {
      cpuTotal: per(growth(before.machine?.busy, now.machine?.busy)),
      cpuGenerator: (now.generator - before.generator) / seconds,
      cpuSystem: per(this.#systemCpu()),
      cores: this.#cores,
      steal: stolenShare(before.machine, now.machine),
      throttled: growth(before.throttled, now.throttled),
      pressure: per(growth(before.pressure, now.pressure)),
      rssBytes: process.memoryUsage.rss(),
      openFiles: countOpenFiles('self'),
      maxFiles: this.#maxFiles,
    }
  }

  #read(): Reading {
    const { user, system } = process.cpuUsage()
    return {
      at: performance.now() / 1000,
      machine: parseMachineCpu(readProc('/proc/stat') ?? ''),
      generator: (user + system) / 1e6,
      pressure: parsePressure(readProc('/proc/pressure/cpu') ?? ''),
      throttled: this.#throttled(),
    }
  }

  #throttled(): number | undefined {
    if (this.#cpuStats.length === 0) return undefined
    return this.#cpuStats.reduce((sum, path) => sum + (parseThrottled(readProc(path) ?? '') ?? 0), 0)
  }

  #systemCpu(): number | undefined {
    const usage = this.#system?.tree.advance()
    // A tree that was not followed until now has no last reading to count from.
    const isNew = this.#followSystem()
    return isNew ? undefined : usage?.cpu
  }

  #followSystem(): boolean {
    const roots = this.#systemPids()
    const pids = roots.join()
    if (pids === (this.#system?.pids ?? '')) return false
    this.#system = roots.length === 0 ? undefined : { pids, tree: new ProcessTree(roots, { io: false }) }
    return true
  }
}

function growth(before: number | undefined, now: number | undefined): number | undefined {
  return before === undefined || now === undefined ? undefined : Math.max(0, now - before)
}

function stolenShare(before: MachineCpu | undefined, now: MachineCpu | undefined): number | undefined {
  const all = growth(before?.all, now?.all)
  const stolen = growth(before?.stolen, now?.stolen)
  return all === undefined || stolen === undefined || all === 0 ? undefined : stolen / all
}
