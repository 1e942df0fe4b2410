import { randomBytes } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createFile } from './create-file.ts'

/**
 * A random text that is made at first use and kept in the folder. Instances that start at once on one folder all get
 * the same.
 */
export async function keptSecret(folder: string, name: string): Promise<string> {
  await mkdir(folder, { recursive: true })
  const file = join(folder, name)
  const kept = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (kept !== undefined) return kept
  await createFile(file, randomBytes(32).toString('hex'))
  return readFile(file, 'utf8')
}
