import { readProc } from '../../packages/plimsoll/src/base/read-proc.ts'
import { parseRss } from '../../packages/plimsoll/src/probes/process/proc-files.ts'
import { ProcessTree } from '../../packages/plimsoll/src/probes/process/tree.ts'

/** What a program and everything below it uses, on Linux; elsewhere nothing is known. */
export class Usage {
  readonly #tree: ProcessTree

  constructor(pid: number) {
    this.#tree = new ProcessTree([pid], { io: false })
  }

  /** CPU seconds since the last call, or since construction. */
  cpu(): number {
    return this.#tree.advance()?.cpu ?? Number.NaN
  }

  /** Resident bytes now. */
  memory(): number {
    this.#tree.advance()
    return this.#tree.pids.reduce((sum, pid) => sum + (parseRss(readProc(`/proc/${pid}/status`) ?? '') ?? 0), 0)
  }
}
