import { randomBytes } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createFile } from './create-file.ts'

/**
 * A text that is made at first use and kept in the folder, for its owner only. Instances that start at once on one folder
 * all get the same.
 */
export async function kept(folder: string, name: string, make: () => string): Promise<string> {
  await mkdir(folder, { recursive: true })
  const file = join(folder, name)
  const found = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (found !== undefined) return found
  await createFile(file, make())
  return readFile(file, 'utf8')
}

export const makeSecret = (): string => randomBytes(32).toString('hex')
