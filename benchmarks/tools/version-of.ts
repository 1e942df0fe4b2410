import { spawnSync } from 'node:child_process'

/** The first version number that a program prints; `installed` when it runs and prints none; undefined when it is not there. */
export function versionOf(argv: readonly string[], env: Readonly<Record<string, string>> = {}): string | undefined {
  const [program = '', ...args] = argv
  const { error, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', env: { ...process.env, ...env } })
  if (error !== undefined) return undefined
  return /\d+\.\d+(\.\d+)?/.exec(`${stdout}\n${stderr}`)?.[0] ?? 'installed'
}
