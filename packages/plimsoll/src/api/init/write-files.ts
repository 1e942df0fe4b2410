import { appendFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PlimsollError } from '../../base/errors.ts'
import type { FileChange } from './propose.ts'

/** Paths of the files that would be created and are there already. */
export async function conflicts(folder: string, files: readonly FileChange[]): Promise<readonly string[]> {
  const created = files.filter(({ kind }) => kind === 'create').map(({ path }) => path)
  const there = await Promise.all(
    created.map((path) =>
      stat(join(folder, path)).then(
        () => true,
        () => false,
      ),
    ),
  )
  return created.filter((_, i) => there[i])
}

/**
 * Writes all files. A file that is there is replaced only when `overwrite` says so; nothing is written otherwise.
 * @throws {PlimsollError} USAGE for a file that is there, OUTPUT_UNWRITABLE
 */
export async function writeFiles(
  folder: string,
  files: readonly FileChange[],
  { overwrite = false }: { readonly overwrite?: boolean } = {},
): Promise<void> {
  const there = overwrite ? [] : await conflicts(folder, files)
  if (there.length > 0) {
    throw new PlimsollError('USAGE', `${there.join(' and ')} exists already; nothing was written`, {
      hint: 'move it away, or run plimsoll init in a terminal, where it can ask',
    })
  }
  try {
    for (const { path, text, kind } of files) {
      await (kind === 'append' ? appendFile : writeFile)(join(folder, path), text)
    }
  } catch (error) {
    throw new PlimsollError('OUTPUT_UNWRITABLE', `cannot write to ${folder}: ${(error as Error).message}`, {
      cause: error,
    })
  }
}
