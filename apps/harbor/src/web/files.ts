import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A file of the client in all its encodings; `br` and `gzip` were made by the build. */
export interface WebFile {
  /** From the client's root, with slashes. */
  readonly path: string
  readonly type: string
  readonly etag: string
  /** Its name says its content: it never changes. */
  readonly immutable: boolean
  readonly identity: Buffer
  readonly br: Buffer | undefined
  readonly gzip: Buffer | undefined
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
}

/** The built client, a few hundred kilobytes in all; empty where it was not built. */
export async function readFiles(root: URL): Promise<readonly WebFile[]> {
  const folder = fileURLToPath(root)
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  })
  const files = entries.filter((entry) => entry.isFile() && types[extname(entry.name)] !== undefined)
  return Promise.all(files.map((entry) => readOne(folder, join(entry.parentPath, entry.name))))
}

async function readOne(folder: string, path: string): Promise<WebFile> {
  const compressed = (ending: string) => readFile(path + ending).catch(() => undefined)
  const [identity, br, gzip] = await Promise.all([readFile(path), compressed('.br'), compressed('.gz')])
  return {
    path: relative(folder, path).split(sep).join('/'),
    type: types[extname(path)] ?? 'application/octet-stream',
    etag: createHash('sha256').update(identity).digest('base64url').slice(0, 22),
    immutable: path.includes(`${sep}assets${sep}`),
    identity,
    br,
    gzip,
  }
}
