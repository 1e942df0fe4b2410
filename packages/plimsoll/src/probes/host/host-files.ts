import { TICKS_PER_SECOND } from '../process/proc-files.ts'

/** Pure parsers of the files in which Linux describes the machine. */

export interface MachineCpu {
  /** Seconds of CPU over all cores: work of any kind, guests included, neither idling nor stolen. */
  readonly busy: number
  /** Seconds that a hypervisor gave to others while this machine wanted to run. */
  readonly stolen: number
  /** Seconds of everything, idling included. */
  readonly all: number
}

/** The first line of /proc/stat; proc(5). Guest time is part of user time already. */
export function parseMachineCpu(text: string): MachineCpu | undefined {
  const match = /^cpu +([\d ]+)$/m.exec(text)
  if (match?.[1] === undefined) return undefined
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = match[1]
    .split(' ')
    .map((ticks) => Number(ticks) / TICKS_PER_SECOND)
  const busy = user + nice + system + irq + softirq
  return { busy, stolen: steal, all: busy + idle + iowait + steal }
}

/** /proc/pressure/cpu: seconds in which some task was ready and had no core, since boot. */
export function parsePressure(text: string): number | undefined {
  const total = /^some .*total=(\d+)/m.exec(text)?.[1]
  return total === undefined ? undefined : Number(total) / 1e6
}

/** cpu.stat of a control group: periods in which it had used up its quota. */
export function parseThrottled(text: string): number | undefined {
  const count = /^nr_throttled (\d+)/m.exec(text)?.[1]
  return count === undefined ? undefined : Number(count)
}

/** /proc/PID/limits: the soft limit on open files; undefined when there is none. */
export function parseMaxFiles(text: string): number | undefined {
  const soft = /^Max open files +(\d+)/m.exec(text)?.[1]
  return soft === undefined ? undefined : Number(soft)
}

/**
 * Where the cpu.stat files of a process's control groups may be, from its /proc/PID/cgroup: the group's own and all
 * above it, since a quota on any of them throttles; version 2, then version 1. Inside a container the path may be the
 * host's and only the mount's root be there.
 */
export function cpuStatPaths(cgroup: string): readonly string[] {
  const paths: string[] = []
  for (const line of cgroup.split('\n')) {
    const [, controllers, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? []
    if (controllers === undefined || path === undefined) continue
    const isCpu = controllers.split(',').includes('cpu')
    const mounts = controllers === '' ? ['/sys/fs/cgroup', '/sys/fs/cgroup/unified'] : [`/sys/fs/cgroup/${controllers}`]
    if (controllers !== '' && !isCpu) continue
    for (const mount of mounts) for (const folder of foldersUpFrom(path)) paths.push(`${mount}${folder}/cpu.stat`)
  }
  return paths
}

function foldersUpFrom(path: string): string[] {
  const parts = path.split('/').filter(Boolean)
  return parts.map((_, index) => `/${parts.slice(0, parts.length - index).join('/')}`).concat('')
}
