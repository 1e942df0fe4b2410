import { readProc } from '../../base/read-proc.ts'
import { type ProcStat, parseIo, parseStat } from './proc-files.ts'
import { processIds } from './proc-reader.ts'
import { type ProcessReading, type TreeReading, type TreeUsage, usageBetween } from './usage.ts'

/** Every so many readings, processes that were seen outside the tree are looked at again. */
const LOOK_AGAIN = 10

/**
 * The processes below some roots, on Linux. Children are followed from their birth on, also when their parent ends
 * before them and they are handed to another one.
 */
export class ProcessTree {
  readonly #withIo: boolean
  #reading: TreeReading = new Map()
  /** Processes known not to be in the tree: telling that again at every reading would cost 10 µs each. */
  readonly #outsiders = new Set<number>()
  #readings = 0

  /** Takes the first reading: usage counts from here. */
  constructor(roots: readonly number[], { io }: { io: boolean }) {
    this.#withIo = io
    this.#reading = this.#read(({ pid }) => roots.includes(pid))
  }

  get pids(): readonly number[] {
    return [...this.#reading.keys()]
  }

  /** What the tree used since the last call; undefined when none of it is left alive. */
  advance(): TreeUsage | undefined {
    const before = this.#reading
    this.#reading = this.#read(({ pid, born }) => before.get(pid)?.born === born)
    return [...this.#reading.values()].some(({ alive }) => alive) ? usageBetween(before, this.#reading) : undefined
  }

  #read(isMember: (stat: ProcStat) => boolean): TreeReading {
    if (this.#readings++ % LOOK_AGAIN === 0) this.#outsiders.clear()
    const ids = processIds()
    this.#forgetEnded(ids)
    const candidates = new Map<number, ProcStat>()
    for (const pid of ids) {
      if (this.#outsiders.has(pid)) continue
      const stat = parseStat(readProc(`/proc/${pid}/stat`) ?? '')
      if (stat !== undefined) candidates.set(pid, stat)
    }
    const reading = new Map<number, ProcessReading>()
    for (const stat of candidates.values()) {
      if (descends(stat, candidates, isMember)) reading.set(stat.pid, this.#readingOf(stat))
      else this.#outsiders.add(stat.pid)
    }
    return reading
  }

  #readingOf({ pid, parent, born, alive, cpu, childrenCpu }: ProcStat): ProcessReading {
    const io = this.#withIo ? parseIo(readProc(`/proc/${pid}/io`) ?? '') : undefined
    return { pid, parent, born, alive, cpu, childrenCpu, io }
  }

  #forgetEnded(ids: readonly number[]): void {
    const alive = new Set(ids)
    for (const pid of this.#outsiders) if (!alive.has(pid)) this.#outsiders.delete(pid)
  }
}

function descends(stat: ProcStat, all: ReadonlyMap<number, ProcStat>, isMember: (stat: ProcStat) => boolean): boolean {
  let ancestor: ProcStat | undefined = stat
  while (ancestor !== undefined && !isMember(ancestor)) ancestor = all.get(ancestor.parent)
  return ancestor !== undefined
}
