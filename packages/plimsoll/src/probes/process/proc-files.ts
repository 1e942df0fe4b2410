/** Pure parsers of Linux's /proc/PID files; formats: proc(5). */

/** Clock ticks per second in /proc: USER_HZ, 100 on every platform that Node runs on. */
export const TICKS_PER_SECOND = 100

export interface ProcStat {
  readonly pid: number
  readonly command: string
  readonly parent: number
  /** False for one that ended and that nobody has waited for yet. */
  readonly alive: boolean
  /** Seconds of CPU used by the process itself. */
  readonly cpu: number
  /** Seconds of CPU used by children that ended and were waited for, and by theirs. */
  readonly childrenCpu: number
  readonly threads: number
  /** Ticks since boot; tells a process from a later one with the same pid. */
  readonly born: number
}

/** /proc/PID/stat. The command may hold spaces and brackets, so fields are counted from the last `)`. */
export function parseStat(text: string): ProcStat | undefined {
  const close = text.lastIndexOf(')')
  const fields = text.slice(close + 2).split(' ')
  // Field 3 of proc(5), the state, is fields[0].
  const field = (number: number) => Number(fields[number - 3])
  const stat = {
    pid: Number.parseInt(text, 10),
    command: text.slice(text.indexOf('(') + 1, close),
    parent: field(4),
    alive: fields[0] !== 'Z' && fields[0] !== 'X',
    cpu: (field(14) + field(15)) / TICKS_PER_SECOND,
    childrenCpu: (field(16) + field(17)) / TICKS_PER_SECOND,
    threads: field(20),
    born: field(22),
  }
  return close < 0 || Number.isNaN(stat.pid + stat.born) ? undefined : stat
}

/** `VmRSS` of /proc/PID/status, in bytes; undefined for kernel threads and zombies, which have none. */
export function parseRss(status: string): number | undefined {
  const match = /^VmRSS:\s+(\d+) kB/m.exec(status)
  return match?.[1] === undefined ? undefined : Number(match[1]) * 1024
}

/** /proc/PID/io: bytes that went to or came from storage, ended children that were waited for included. */
export function parseIo(text: string): { readonly read: number; readonly written: number } | undefined {
  const read = /^read_bytes: (\d+)/m.exec(text)?.[1]
  const written = /^write_bytes: (\d+)/m.exec(text)?.[1]
  return read === undefined || written === undefined ? undefined : { read: Number(read), written: Number(written) }
}

/**
 * /proc/PID/net/dev: bytes over all interfaces of the process's network namespace since boot. The loopback interface
 * counts every byte as received and as sent; here it counts once.
 */
export function parseNetDev(text: string): { readonly total: number; readonly loopback: number } {
  let total = 0
  let loopback = 0
  for (const line of text.split('\n').slice(2)) {
    const [name, counters] = line.split(':')
    if (name === undefined || counters === undefined) continue
    const fields = counters.trim().split(/\s+/).map(Number)
    const received = fields[0] ?? 0
    const sent = fields[8] ?? 0
    const isLoopback = name.trim() === 'lo'
    if (isLoopback) loopback += sent
    total += isLoopback ? sent : received + sent
  }
  return { total, loopback }
}

const LISTEN = '0A'

/** Inodes of the sockets that listen on a TCP port, from /proc/net/tcp or /proc/net/tcp6. */
export function parseListeners(text: string, port: number): readonly string[] {
  const inodes: string[] = []
  for (const line of text.split('\n').slice(1)) {
    const fields = line.trim().split(/\s+/)
    const [, local, , state] = fields
    if (state !== LISTEN || local === undefined) continue
    const inode = fields[9]
    if (Number.parseInt(local.slice(local.lastIndexOf(':') + 1), 16) === port && inode !== undefined) inodes.push(inode)
  }
  return inodes
}
