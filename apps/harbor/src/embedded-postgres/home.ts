import { randomBytes } from 'node:crypto'
import { mkdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { kept } from '../kept.ts'
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
 * folder), Postgres cannot follow: then its own folder is one in `/var/tmp`, whose name is kept in `postgres-folder`.
 */
export async function makeHome(dataFolder: string, user: ServerUser | undefined): Promise<Home> {
  await mkdir(dataFolder, { recursive: true })
  const folder = await realpath(dataFolder)
  const postgres = (await canReach(folder, user))
    ? join(folder, 'postgres')
    : await kept(folder, 'postgres-folder', () => `/var/tmp/harbor-${randomBytes(8).toString('hex')}`)
  await mkdir(postgres, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  await giveTo(user, postgres)
  return { folder, postgres }
}
