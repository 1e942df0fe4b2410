import { cpus } from 'node:os'
import { type PsRow, psCpuBetween, readPs, treeOf } from './ps.ts'
import type { ProcessWatch } from './watch.ts'

/** A tree of processes seen through `ps`: CPU and memory, for platforms without /proc. */
export class PsWatch implements ProcessWatch {
  readonly #pid: number
  readonly #cores = cpus().length
  #tree: readonly PsRow[] = []
  #at = performance.now()

  constructor(pid: number) {
    this.#pid = pid
  }

  async sample(): Promise<Record<string, number> | undefined> {
    const before = this.#tree
    this.#tree = treeOf(await readPs(), this.#pid)
    if (this.#tree.length === 0) return undefined
    const now = performance.now()
    const elapsed = (now - this.#at) / 1000
    this.#at = now
    const used = psCpuBetween(before, this.#tree) / elapsed
    return {
      cpu: used / this.#cores,
      cores: used,
      memory: this.#tree.reduce((sum, { memory }) => sum + memory, 0),
    }
  }
}
