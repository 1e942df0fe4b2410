import { spawnSync } from 'node:child_process'
import { cpus, platform, release, totalmem } from 'node:os'

export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGb: number
  readonly platform: string
  readonly node: string
}

export const machine = (): Machine => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  memoryGb: Math.round(totalmem() / 2 ** 30),
  platform: `${platform()} ${release()}`,
  node: process.version,
})

/** The generator and the server have a core each; undefined when that cannot be had. */
export interface Pinning {
  readonly server: number
  readonly generator: number
}

/** Why nothing can be pinned is said on stderr. */
export function pinning(): Pinning | undefined {
  const reason =
    cpus().length < 2
      ? 'this machine has a single core'
      : !isInstalled('taskset', ['--version'])
        ? 'there is no taskset (Linux: package util-linux)'
        : undefined
  if (reason === undefined) return { server: 0, generator: 1 }
  console.error(`Nothing is pinned to a core, so the figures are softer: ${reason}.`)
  return undefined
}

export const pinned = (core: number | undefined, command: readonly string[]): readonly string[] =>
  core === undefined ? command : ['taskset', '-c', String(core), ...command]

export function isInstalled(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).error === undefined
}
