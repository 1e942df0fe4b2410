import { availableParallelism } from 'node:os'
import { ratio } from '../../base/units.ts'
import { parseMachineCpu } from '../../probes/host/host-files.ts'
import { formatNumber, formatPercent, plural } from '../../report/format.ts'
import type { Diagnosis } from './diagnosis.ts'
import type { MachineFiles } from './machine-files.ts'

export function checkCores(files: MachineFiles, cores = availableParallelism()): Diagnosis {
  const quota = cpuQuota(files)
  const name = 'cores'
  if (quota !== undefined && quota < cores) {
    return {
      name,
      state: 'warn',
      found: `${cores}, of which the container may use ${formatNumber(quota)}: it is stopped when it has used them up`,
      change: `Lift the limit: docker run --cpus ${cores}, or resources.limits.cpu in Kubernetes`,
    }
  }
  if (cores > 1) return { name, state: 'ok', found: `${cores}: ${plural(Math.max(1, cores - 1), 'worker')} by default` }
  const change = 'Use a machine with two cores or more, or generate the load from another one'
  return { name, state: 'warn', found: '1: the generator and a system on this machine take it from each other', change }
}

/** Cores that the control group may use (cgroup v2's cpu.max, v1's cfs quota); undefined without a limit. */
function cpuQuota({ read }: MachineFiles): number | undefined {
  const [quota, period] = (read('/sys/fs/cgroup/cpu.max') ?? '').split(' ').map(Number)
  if (quota !== undefined && period !== undefined && quota > 0) return quota / period
  const [v1, every] = ['quota', 'period'].map((part) =>
    Number(read(`/sys/fs/cgroup/cpu/cpu.cfs_${part}_us`) ?? Number.NaN),
  )
  return v1 !== undefined && every !== undefined && v1 > 0 ? v1 / every : undefined
}

/** By the limits of validity rule V3: others at work above 15 % and 40 %, stolen time above 1 %. */
export async function checkNeighbours(
  { read }: MachineFiles,
  wait: () => Promise<void>,
): Promise<Diagnosis | undefined> {
  const before = parseMachineCpu(read('/proc/stat') ?? '')
  await wait()
  const after = parseMachineCpu(read('/proc/stat') ?? '')
  if (before === undefined || after === undefined) return undefined
  const all = after.all - before.all
  const busy = ratio(all > 0 ? (after.busy - before.busy) / all : 0)
  const stolen = ratio(all > 0 ? (after.stolen - before.stolen) / all : 0)
  const name = 'other work'
  if (stolen > 0.01) {
    const change = 'Use a dedicated machine, or one whose processors are not shared'
    return { name, state: 'warn', found: `${formatPercent(stolen)} of the time goes to other virtual machines`, change }
  }
  const found = `processors are ${formatPercent(busy)} busy`
  if (busy <= 0.15) return { name, state: 'ok', found }
  return { name, state: busy > 0.4 ? 'bad' : 'warn', found, change: 'See what runs, and end it: top -o %CPU' }
}

/** Undefined where clock speeds are not ours to set: most virtual machines. */
export function checkGovernor({ list, read }: MachineFiles): Diagnosis | undefined {
  const cpus = list('/sys/devices/system/cpu').filter((entry) => /^cpu\d+$/.test(entry))
  const governors = cpus.flatMap((cpu) => read(`/sys/devices/system/cpu/${cpu}/cpufreq/scaling_governor`) ?? [])
  const kinds = [...new Set(governors)]
  if (kinds.length === 0) return undefined
  const name = 'clock speed'
  const found = `governor ${kinds.join(', ')}`
  if (kinds.every((kind) => kind === 'performance')) return { name, state: 'ok', found }
  const change = 'sudo cpupower frequency-set -g performance'
  return { name, state: 'warn', found: `${found}: processors slow down between requests`, change }
}

export function checkPressure({ platform, read }: MachineFiles): Diagnosis | undefined {
  if (platform !== 'linux') return undefined
  const name = 'pressure'
  if (read('/proc/pressure/cpu') !== undefined) return { name, state: 'ok', found: '/proc/pressure/cpu can be read' }
  const change = 'Boot with psi=1 on the kernel command line, if you may'
  return { name, state: 'warn', found: 'not known: waiting for a processor will not be seen', change }
}
