import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** A process and its children. */
export async function processesOf(parent: number): Promise<readonly number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid='])
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
  return rows.flatMap(([pid = 0, ppid]) => (pid === parent || ppid === parent ? [pid] : []))
}
