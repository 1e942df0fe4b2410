import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { PlimsollError } from '../../base/errors.ts'

export interface PackageJson {
  readonly name?: string
  readonly main?: string
  readonly scripts?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

export interface SourceFile {
  readonly path: string
  readonly text: string
}

/** What `init` looks at in a folder. */
export interface Project {
  readonly folder: string
  readonly packageJson: PackageJson | undefined
  /** The text of `.env`; empty when there is none. */
  readonly dotenv: string
  readonly gitignore: string | undefined
  /** The service's own scripts, a bounded number of them, shallow ones first. */
  readonly sources: readonly SourceFile[]
  /** Whether `import 'plimsoll'` finds types from here. */
  readonly hasLibrary: boolean
  readonly packageManager: 'npm' | 'pnpm' | 'yarn' | 'bun'
}

const MAX_FILES = 200
const MAX_SIZE = 512 * 1024
const MAX_DEPTH = 5
const skipped = new Set([
  'node_modules',
  'dist',
  'build',
  'out',
  'coverage',
  'test',
  'tests',
  '__tests__',
  'public',
  'vendor',
])

/** @throws {PlimsollError} USAGE when the folder is not there or its package.json is not JSON */
export async function readProject(dir: string): Promise<Project> {
  const folder = resolve(dir)
  if (!(await stat(folder).catch(() => undefined))?.isDirectory()) {
    throw new PlimsollError('USAGE', `${dir} is not a folder`, {
      hint: 'name the folder of the service to put under load',
    })
  }
  const read = (name: string) => readFile(join(folder, name), 'utf8').catch(() => undefined)
  return {
    folder,
    packageJson: parsePackage(await read('package.json'), folder),
    dotenv: (await read('.env')) ?? '',
    gitignore: await read('.gitignore'),
    sources: await readSources(folder),
    hasLibrary: await findsLibrary(folder),
    packageManager: await packageManagerOf(folder),
  }
}

/** The name for plans and reports: the package's, without its scope, or the folder's. */
export function projectName({ packageJson, folder }: Pick<Project, 'packageJson' | 'folder'>): string {
  const name = packageJson?.name?.replace(/^@[^/]*\//, '') ?? basename(folder)
  return name.replace(/[^\w.-]+/g, '-').replace(/^[-.]+|[-.]+$/g, '') || 'service'
}

function parsePackage(text: string | undefined, folder: string): PackageJson | undefined {
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch (error) {
    throw new PlimsollError('USAGE', `${join(folder, 'package.json')} is not JSON: ${(error as Error).message}`)
  }
}

async function readSources(folder: string): Promise<readonly SourceFile[]> {
  const sources: SourceFile[] = []
  let level = [folder]
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth++) {
    const below: string[] = []
    for (const directory of level) {
      const entries = await readdir(directory, { withFileTypes: true }).catch(() => [])
      for (const entry of entries.sort((a, b) => a.name.localeCompare(b.name))) {
        const path = join(directory, entry.name)
        if (entry.isDirectory() && !skipped.has(entry.name) && !entry.name.startsWith('.')) below.push(path)
        if (entry.isFile() && isSource(entry.name) && sources.length < MAX_FILES)
          sources.push(...(await readSource(folder, path)))
      }
    }
    level = below
  }
  return sources
}

const isSource = (name: string): boolean =>
  /\.[cm]?[jt]sx?$/.test(name) && !/\.(d|test|spec|plan|config)\.[cm]?[jt]sx?$/.test(name)

async function readSource(folder: string, path: string): Promise<readonly SourceFile[]> {
  const { size } = await stat(path)
  return size > MAX_SIZE ? [] : [{ path: relative(folder, path), text: await readFile(path, 'utf8') }]
}

async function findsLibrary(folder: string): Promise<boolean> {
  for (let at = folder; ; at = dirname(at)) {
    if (await stat(join(at, 'node_modules/plimsoll/package.json')).catch(() => undefined)) return true
    if (at === dirname(at)) return false
  }
}

async function packageManagerOf(folder: string): Promise<Project['packageManager']> {
  const names = await readdir(folder)
  if (names.includes('pnpm-lock.yaml')) return 'pnpm'
  if (names.includes('yarn.lock')) return 'yarn'
  return names.includes('bun.lock') || names.includes('bun.lockb') ? 'bun' : 'npm'
}
