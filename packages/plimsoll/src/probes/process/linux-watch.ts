import { cpus } from 'node:os'
import { readProc } from '../../base/read-proc.ts'
import { parseNetDev, parseRss, parseStat } from './proc-files.ts'
import { countOpenFiles } from './proc-reader.ts'
import { ProcessTree } from './tree.ts'
import type { ProcessWatch } from './watch.ts'

interface NetworkReading {
  readonly total: number
  readonly loopback: number
}

/** A tree of processes seen through /proc. */
export class LinuxWatch implements ProcessWatch {
  readonly #pid: number
  readonly #tree: ProcessTree
  readonly #cores = cpus().length
  #network: NetworkReading | undefined
  #at = performance.now()

  constructor(pid: number) {
    this.#pid = pid
    this.#tree = new ProcessTree([pid], { io: true })
    this.#network = this.#readNetwork()
  }

  async sample(): Promise<Record<string, number> | undefined> {
    const usage = this.#tree.advance()
    if (usage === undefined) return undefined
    const now = performance.now()
    const elapsed = (now - this.#at) / 1000
    this.#at = now
    const used = usage.cpu / elapsed
    return {
      cpu: used / this.#cores,
      cores: used,
      ...this.#holdings(),
      ...(usage.io && {
        'disk read': usage.io.read / elapsed,
        'disk write': usage.io.written / elapsed,
        disk: (usage.io.read + usage.io.written) / elapsed,
      }),
      ...this.#networkRates(elapsed),
    }
  }

  /** What the tree holds now. Open files are left out when those of one process may not be counted. */
  #holdings(): Record<string, number> {
    let memory = 0
    let threads = 0
    let files: number | undefined = 0
    for (const pid of this.#tree.pids) {
      memory += parseRss(readProc(`/proc/${pid}/status`) ?? '') ?? 0
      threads += parseStat(readProc(`/proc/${pid}/stat`) ?? '')?.threads ?? 0
      const open = countOpenFiles(pid)
      files = files === undefined || open === undefined ? undefined : files + open
    }
    return { memory, threads, ...(files !== undefined && { 'open files': files }) }
  }

  #networkRates(elapsed: number): Record<string, number> {
    const before = this.#network
    const now = this.#readNetwork()
    this.#network = now
    if (before === undefined || now === undefined) return {}
    return {
      network: (now.total - before.total) / elapsed,
      'network loopback': (now.loopback - before.loopback) / elapsed,
    }
  }

  #readNetwork(): NetworkReading | undefined {
    const text = readProc(`/proc/${this.#pid}/net/dev`)
    return text === undefined ? undefined : parseNetDev(text)
  }
}
