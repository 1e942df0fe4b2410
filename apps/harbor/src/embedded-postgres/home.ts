import { createHash } from 'node:crypto'
import { lstat, mkdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { canReach, giveTo, type ServerUser } from './server-user.ts'

/** The folders of one embedded Postgres; absolute. */
export interface Home {
  /** Harbor's own: passwords, logs, locks. */
  readonly folder: string
  /** Postgres's own: the cluster is below it, and the binaries when they had to be copied. */
  readonly postgres: string
}

/**
 * Makes the folders. Run by root in a place that only root can enter (a clone below `/root`, a private temporary
 * folder), Postgres cannot follow: then its own folder is `/var/tmp/harbor-<hash of the place>`, which outlives restarts.
 */
export async function makeHome(dataFolder: string, user: ServerUser | undefined): Promise<Home> {
  await mkdir(dataFolder, { recursive: true })
  const folder = await realpath(dataFolder)
  const postgres = (await canReach(folder, user))
    ? join(folder, 'postgres')
    : join('/var/tmp', `harbor-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`)
  await mkdir(postgres, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  // In a folder that everyone may write to, the name could have been taken by someone else.
  const { uid } = await lstat(postgres).then((found) => (found.isDirectory() ? found : { uid: -1 }))
  if (![process.getuid?.(), user?.uid].includes(uid)) {
    throw new Error(`${postgres} belongs to someone else; remove it, or set HARBOR_DATA to another folder.`)
  }
  await giveTo(user, postgres)
  return { folder, postgres }
}
