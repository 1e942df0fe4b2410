import { randomBytes } from 'node:crypto'
import { link, rm, writeFile } from 'node:fs/promises'

/**
 * Makes a file that only its owner can read, and that appears with all its text at once.
 * @returns false when it is there already, which is left as it is
 */
export async function createFile(file: string, text: string): Promise<boolean> {
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  await writeFile(draft, text, { mode: 0o600, flag: 'wx' })
  try {
    await link(draft, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    await rm(draft)
  }
}
