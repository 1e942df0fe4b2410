import { readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pid } from 'node:process'
import { createFile } from '../create-file.ts'
import { isAlive, startOf } from './process-table.ts'

/**
 * Lets one harbor at a time use the folder. What a killed one left behind is taken over.
 * @returns a function that lets go
 * @throws {Error} when another harbor runs on the folder
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const file = join(folder, 'harbor.pid')
  const mine = `${pid}\n${(await startOf(pid)) ?? ''}`
  for (;;) {
    if (await createFile(file, mine)) return () => rm(file, { force: true })
    const found = await readFile(file, 'utf8').catch(() => undefined)
    if (found === undefined) continue
    await refuseIfAlive(found, folder)
    // Only one of several that saw the same stale file gets to move it away.
    const away = `${file}.${pid}`
    await rename(file, away).catch(() => undefined)
    const moved = await readFile(away, 'utf8').catch(() => undefined)
    await rm(away, { force: true })
    if (moved !== undefined && moved !== found) await refuseIfAlive(moved, folder)
  }
}

async function refuseIfAlive(text: string, folder: string): Promise<void> {
  const [id = '', start = ''] = text.split('\n', 2)
  const owner = Number(id)
  const alive = owner > 0 && isAlive(owner) && (start === '' || (await startOf(owner)) === start)
  if (!alive) return
  throw new Error(
    `Another harbor (process ${owner}) uses the embedded Postgres in ${folder}. ` +
      'Stop it, set HARBOR_DATA to another folder, or give both the same DATABASE_URL.',
  )
}
