/** One process at one instant. Counters only grow while it lives; undefined where they may not be read. */
export interface ProcessReading {
  readonly pid: number
  readonly parent: number
  readonly born: number
  /** False for one that ended and that nobody has waited for yet. */
  readonly alive: boolean
  /** Seconds. */
  readonly cpu: number
  readonly childrenCpu: number
  /** Bytes to and from storage, those of ended children that were waited for included. */
  readonly io: { readonly read: number; readonly written: number } | undefined
}

/** A tree of processes at one instant, by pid. */
export type TreeReading = ReadonlyMap<number, ProcessReading>

export interface TreeUsage {
  /** Seconds of CPU. */
  readonly cpu: number
  /** Bytes; undefined when not a single process of the tree let itself be read. */
  readonly io: { readonly read: number; readonly written: number } | undefined
}

/**
 * What a tree used between two readings. A process that ended in between hands its counters to the parent that waits
 * for it, so what of it was counted before is taken off the parent's growth: nothing is counted twice, and a child that
 * came and went between the readings is counted once. A parent that ignores SIGCHLD inherits nothing; then the last
 * moments of its children are lost.
 */
export function usageBetween(before: TreeReading, after: TreeReading): TreeUsage {
  const inherited = inheritances(before, after)
  let cpu = 0
  let read = 0
  let written = 0
  let readable = false
  for (const process of after.values()) {
    const earlier = survivor(before, process)
    const left = inherited.get(process.pid) ?? nothing
    cpu += process.cpu - (earlier?.cpu ?? 0)
    cpu += withoutInheritance(process.childrenCpu - (earlier?.childrenCpu ?? 0), left.cpu)
    if (process.io === undefined) continue
    readable = true
    read += withoutInheritance(process.io.read - (earlier?.io?.read ?? 0), left.read)
    written += withoutInheritance(process.io.written - (earlier?.io?.written ?? 0), left.written)
  }
  return {
    cpu: Math.max(0, cpu),
    io: readable ? { read: Math.max(0, read), written: Math.max(0, written) } : undefined,
  }
}

interface Inheritance {
  readonly cpu: number
  readonly read: number
  readonly written: number
}
const nothing: Inheritance = { cpu: 0, read: 0, written: 0 }

/** What each process of `after` may have inherited that was already counted, from those that ended since `before`. */
function inheritances(before: TreeReading, after: TreeReading): Map<number, Inheritance> {
  const result = new Map<number, Inheritance>()
  for (const ended of before.values()) {
    if (survivor(after, ended) !== undefined) continue
    const heir = nearestSurvivor(before, after, ended)
    if (heir === undefined) continue
    const { cpu, read, written } = result.get(heir) ?? nothing
    result.set(heir, {
      cpu: cpu + ended.cpu + ended.childrenCpu,
      read: read + (ended.io?.read ?? 0),
      written: written + (ended.io?.written ?? 0),
    })
  }
  return result
}

function nearestSurvivor(before: TreeReading, after: TreeReading, ended: ProcessReading): number | undefined {
  let ancestor = before.get(ended.parent)
  while (ancestor !== undefined && survivor(after, ancestor) === undefined) ancestor = before.get(ancestor.parent)
  return ancestor?.pid
}

function survivor(reading: TreeReading, { pid, born }: ProcessReading): ProcessReading | undefined {
  const found = reading.get(pid)
  return found?.born === born ? found : undefined
}

/** Growth that is smaller than the inheritance cannot contain it: the parent did not wait. */
function withoutInheritance(growth: number, inheritance: number): number {
  return growth + 1e-9 >= inheritance ? growth - inheritance : growth
}
