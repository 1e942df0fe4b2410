import { freemem, totalmem } from 'node:os'
import { type Bytes, bytes } from '../../base/units.ts'
import { parseMaxFiles } from '../../probes/host/host-files.ts'
import { formatBytes, formatCount } from '../../report/format.ts'
import type { Diagnosis } from './diagnosis.ts'
import type { MachineFiles } from './machine-files.ts'

/** What ten thousand users with a connection each need, with room to spare. */
const ENOUGH_FILES = 16_384
const FEW_FILES = 1024

export function checkOpenFiles({ read }: MachineFiles): Diagnosis {
  const limits = read('/proc/self/limits')
  const soft = limits === undefined ? reportedLimit() : parseMaxFiles(limits)
  const name = 'open files'
  if (soft === undefined) return { name, state: 'ok', found: 'no limit' }
  const found = `up to ${formatCount(soft)}, so about as many connections`
  if (soft >= ENOUGH_FILES) return { name, state: 'ok', found }
  const change = 'ulimit -n 65536 (for good: a line "* - nofile 65536" in /etc/security/limits.conf)'
  return { name, state: soft <= FEW_FILES / 2 ? 'bad' : 'warn', found, change }
}

/** Where there is no /proc, Node's own report knows the limit. */
function reportedLimit(): number | undefined {
  const report = process.report.getReport() as { userLimits?: { open_files?: { soft?: number | string } } }
  const soft = report.userLimits?.open_files?.soft
  return typeof soft === 'number' ? soft : undefined
}

const LITTLE_MEMORY = 512e6
const ENOUGH_MEMORY = 1e9

export function checkMemory({ read }: MachineFiles, free = freemem(), whole = totalmem()): Diagnosis {
  const kilobytes = /^MemAvailable: +(\d+) kB$/m.exec(read('/proc/meminfo') ?? '')?.[1]
  const machine = kilobytes === undefined ? free : Number(kilobytes) * 1024
  const limit = containerRoom(read)
  const available = bytes(Math.min(machine, limit ?? machine))
  const name = 'memory'
  const found = `${formatBytes(available)} available of ${formatBytes(bytes(whole))}`
  if (available >= ENOUGH_MEMORY) return { name, state: 'ok', found }
  const change = 'End what needs it (top -o %MEM), or give the container more'
  return { name, state: available < LITTLE_MEMORY ? 'bad' : 'warn', found, change }
}

/** What the control group may still take; undefined without a limit. */
function containerRoom(read: MachineFiles['read']): Bytes | undefined {
  const limit = Number(read('/sys/fs/cgroup/memory.max') ?? Number.NaN)
  const used = Number(read('/sys/fs/cgroup/memory.current') ?? Number.NaN)
  return Number.isFinite(limit) && Number.isFinite(used) ? bytes(Math.max(0, limit - used)) : undefined
}
