import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

export const libraryEntry = fileURLToPath(new URL('../../packages/plimsoll/src/index.ts', import.meta.url))

/** A folder of its own for one test file, with the library built into it as the published package has it. */
export interface Workshop {
  readonly folder: string
  readonly libraryUrl: string
  /** Writes files, by path, and returns the absolute path of the first. */
  write(files: Readonly<Record<string, string>>): Promise<string>
  remove(): Promise<void>
}

export async function openWorkshop(): Promise<Workshop> {
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-plan-'))
  const library = join(folder, 'library/index.mjs')
  await build({ entryPoints: [libraryEntry], outfile: library, bundle: true, format: 'esm', platform: 'node' })
  return {
    folder,
    libraryUrl: pathToFileURL(library).href,
    write: async (files) => {
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(folder, path)), { recursive: true })
        await writeFile(join(folder, path), text)
      }
      return join(folder, Object.keys(files)[0] ?? '')
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}
