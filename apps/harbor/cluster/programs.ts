import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { env } from 'node:process'

interface Program {
  readonly name: string
  /** The variable that holds its path, or another name. */
  readonly variable: string
  readonly packages: { readonly apt: string; readonly brew: string }
}

export const nginx: Program = { name: 'nginx', variable: 'NGINX', packages: { apt: 'nginx', brew: 'nginx' } }
export const redisServer: Program = {
  name: 'redis-server',
  variable: 'REDIS_SERVER',
  packages: { apt: 'redis-server', brew: 'redis' },
}
export const openssl: Program = {
  name: 'openssl',
  variable: 'OPENSSL',
  packages: { apt: 'openssl', brew: 'openssl' },
}

/** A program's path, or a sentence that says how to get it. */
export async function findProgram({ name, variable, packages }: Program): Promise<{ path: string } | string> {
  const given = env[variable]
  const wanted = given || name
  // Debian keeps nginx where only root looks.
  const folders = [...(env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', '/opt/homebrew/bin']
  const candidates = wanted.includes('/') ? [wanted] : folders.filter(Boolean).map((folder) => join(folder, wanted))
  for (const path of candidates) {
    const runs = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (runs) return { path }
  }
  const install = `Install it (Debian, Ubuntu: sudo apt-get install ${packages.apt}; macOS: brew install ${packages.brew})`
  return given
    ? `${name} is missing: ${variable} is ${given}, where there is no program.`
    : `${name} is missing. ${install}, or set ${variable} to its path.`
}
