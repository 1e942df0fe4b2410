import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface Migration {
  /** Unique over all parts; migrations run in this order. */
  readonly number: number
  readonly part: string
  readonly name: string
  readonly up: string
  readonly down: string
  /** SHA-256 of the file, in hex. */
  readonly checksum: string
}

const fileName = /^(\d{4})-([a-z0-9-]+)\.sql$/

/**
 * Reads `<part>/migrations/NNNN-name.sql` of every part below the folder. A file has a part after the line `-- up`,
 * and one after the line `-- down`.
 * @throws {Error} when a file is not of this form or two have the same number
 */
export async function readMigrations(parts: URL): Promise<readonly Migration[]> {
  const root = fileURLToPath(parts)
  const folders = (await readdir(root, { withFileTypes: true })).filter((entry) => entry.isDirectory())
  const found = await Promise.all(folders.map((folder) => readPart(root, folder.name)))
  const migrations = found.flat().sort((a, b) => a.number - b.number)
  for (const [index, { number, name }] of migrations.entries()) {
    const next = migrations[index + 1]
    if (next?.number === number) throw new Error(`Two migrations have the number ${number}: ${name} and ${next.name}.`)
  }
  return migrations
}

async function readPart(root: string, part: string): Promise<Migration[]> {
  const folder = join(root, part, 'migrations')
  const files = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  return Promise.all(
    files.map(async (file) =>
      parseMigration(part, file, (await readFile(join(folder, file), 'utf8')).replaceAll('\r\n', '\n')),
    ),
  )
}

export function parseMigration(part: string, file: string, text: string): Migration {
  const [, number, name] = fileName.exec(file) ?? []
  const [before, up, down, ...rest] = text.split(/^-- (?:up|down)\n/m)
  const inOrder = text.indexOf('-- up\n') < text.indexOf('-- down\n')
  if (number === undefined || name === undefined) {
    throw new Error(`${part}/migrations/${file}: the name must look like 0001-what-it-does.sql.`)
  }
  if (
    before?.replaceAll(/^--.*$/gm, '').trim() ||
    up === undefined ||
    down === undefined ||
    rest.length > 0 ||
    !inOrder
  ) {
    throw new Error(`${part}/migrations/${file}: must hold a line "-- up", then a line "-- down", and SQL after each.`)
  }
  return { number: Number(number), part, name, up, down, checksum: createHash('sha256').update(text).digest('hex') }
}
