import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** What `ps` tells of a process: the way to look at one where there is no /proc. */
export interface PsRow {
  readonly pid: number
  readonly parent: number
  /** Seconds of CPU used by the process itself. */
  readonly cpu: number
  readonly memory: number
}

/** All processes. On macOS CPU times are exact to 10 ms. */
export async function readPs(): Promise<readonly PsRow[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,time=,rss='], { maxBuffer: 1 << 26 })
  return parsePs(stdout)
}

/** Lines of `pid ppid time rss`; the time is `[[days-]hours:]minutes:seconds[.fraction]`, rss is in KB. */
export function parsePs(text: string): readonly PsRow[] {
  const rows: PsRow[] = []
  for (const line of text.split('\n')) {
    const match = /^\s*(\d+)\s+(\d+)\s+(?:(\d+)-)?(?:(\d+):)?(\d+):([\d.]+)\s+(\d+)\s*$/.exec(line)
    if (match === null) continue
    const [pid = 0, parent = 0, days = 0, hours = 0, minutes = 0, seconds = 0, rss = 0] = match
      .slice(1)
      .map((text) => Number(text ?? 0))
    rows.push({ pid, parent, cpu: ((days * 24 + hours) * 60 + minutes) * 60 + seconds, memory: rss * 1024 })
  }
  return rows
}

/** The rows of a process and all below it; empty when it has ended. */
export function treeOf(rows: readonly PsRow[], root: number): readonly PsRow[] {
  const tree = new Map(rows.filter(({ pid }) => pid === root).map((row) => [row.pid, row]))
  // `ps` sorts by pid, and pids wrap around, so a child may stand before its parent.
  for (let grown = tree.size > 0; grown; ) {
    const size = tree.size
    for (const row of rows) if (tree.has(row.parent)) tree.set(row.pid, row)
    grown = tree.size > size
  }
  return [...tree.values()]
}

/** CPU seconds between two readings of a tree. Children that ended in between are not seen. */
export function psCpuBetween(before: readonly PsRow[], after: readonly PsRow[]): number {
  const earlier = new Map(before.map(({ pid, cpu }) => [pid, cpu]))
  return after.reduce((sum, { pid, cpu }) => sum + Math.max(0, cpu - (earlier.get(pid) ?? 0)), 0)
}
