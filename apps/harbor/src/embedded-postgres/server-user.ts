import { chown, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { getuid, platform } from 'node:process'

/** Whom Postgres runs as when it may not run as us. */
export interface ServerUser {
  readonly uid: number
  readonly gid: number
}

/** Postgres refuses to run as root. `nobody` needs no account to be made. */
const nobody: ServerUser = { uid: 65_534, gid: 65_534 }

/** Undefined: Postgres runs as whoever runs harbor. */
export const serverUser = (): ServerUser | undefined => (getuid?.() === 0 && platform === 'linux' ? nobody : undefined)

/** True when the user can get to the path: every folder on the way lets it through, and the path itself can be read. */
export async function canReach(path: string, user: ServerUser | undefined): Promise<boolean> {
  if (user === undefined) return true
  const allows = async (file: string, bits: number): Promise<boolean> => {
    const { uid, gid, mode } = await stat(file)
    const shift = uid === user.uid ? 6 : gid === user.gid ? 3 : 0
    return ((mode >> shift) & bits) === bits
  }
  if (!(await allows(path, 0o5))) return false
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (!(await allows(folder, 0o1))) return false
    if (folder === dirname(folder)) return true
  }
}

export async function giveTo(user: ServerUser | undefined, path: string): Promise<void> {
  if (user) await chown(path, user.uid, user.gid)
}
