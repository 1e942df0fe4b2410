import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pid } from 'node:process'
import { createFile } from '../src/create-file.ts'
import { isAlive, startOf } from '../src/embedded-postgres/process-table.ts'

const fileOf = (dataFolder: string): string => join(dataFolder, 'cluster.pid')

/** The process of the cluster that runs on a data folder. */
export async function runningCluster(dataFolder: string): Promise<number | undefined> {
  const text = await readFile(fileOf(dataFolder), 'utf8').catch(() => '')
  const [id = '', start = ''] = text.split('\n', 2)
  const found = Number(id)
  return found > 0 && isAlive(found) && (await startOf(found)) === start ? found : undefined
}

/**
 * Says that this process is the cluster on a data folder.
 * @returns a function that takes it back
 * @throws {Error} when another one is
 */
export async function claim(dataFolder: string): Promise<() => Promise<void>> {
  const other = await runningCluster(dataFolder)
  if (other === undefined) await rm(fileOf(dataFolder), { force: true })
  if (other !== undefined || !(await createFile(fileOf(dataFolder), `${pid}\n${(await startOf(pid)) ?? ''}`))) {
    throw new Error(`A cluster runs on ${dataFolder} already (process ${other}). Stop it, or set HARBOR_DATA.`)
  }
  return () => rm(fileOf(dataFolder), { force: true })
}
