import { spawnSync } from 'node:child_process'
import { mkdirSync, statSync } from 'node:fs'
import { inBenchmarks } from '../harness/paths.ts'

export type Program = 'quick' | 'known-delay' | 'ideal' | 'broadcast'

const headers = ['common.h', 'websocket.h']

/** The program built from its C source, again when the source is newer; undefined when no compiler is installed. */
export function compiled(program: Program): string | undefined {
  const binary = inBenchmarks(`dist/${program}`)
  const source = inBenchmarks(`servers/${program}.c`)
  const newest = Math.max(changed(source), ...headers.map((name) => changed(inBenchmarks(`servers/${name}`))))
  if (changed(binary) >= newest) return binary
  mkdirSync(inBenchmarks('dist'), { recursive: true })
  const compiler = ['cc', 'gcc', 'clang'].find((name) => spawnSync(name, ['--version']).status === 0)
  if (compiler === undefined) return undefined
  const { status, stderr } = spawnSync(compiler, ['-O2', '-o', binary, source, '-lm'], { encoding: 'utf8' })
  if (status === 0) return binary
  console.error(
    `${program}.c does not compile here, so a slower stand-in in Node is used, where there is one:\n${stderr}`,
  )
  return undefined
}

function changed(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
}
