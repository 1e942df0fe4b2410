import { dirname } from 'node:path'
import parseCommand from 'string-argv'
import { seconds } from '../../base/units.ts'
import type { SystemSpec } from '../compiled.ts'
import { fromPlan } from '../file.ts'
import type { Reader } from './reader.ts'

interface SystemContext {
  readonly planFile: string | undefined
  /** The plan's `env`. */
  readonly env: Readonly<Record<string, string>>
  /** Replaces the plan's URL. */
  readonly url: string | undefined
}

export function compileSystem(reader: Reader, context: SystemContext): SystemSpec {
  const system: SystemSpec = {
    url: compileUrl(reader, context.url),
    start: compileStart(reader, context),
    ready: compileReady(reader),
    stopTimeout: reader.duration('stopTimeout', seconds(10)),
  }
  reader.finish()
  return system
}

function compileUrl(reader: Reader, replacement: string | undefined): string {
  const written = reader.needText('url', "where the system listens, such as 'http://127.0.0.1:3000'")
  const url = replacement ?? written
  if (url === '') return url
  const fault = urlFault(url)
  if (fault !== undefined) {
    reader.problems.push({
      path: replacement === undefined ? reader.at('url') : '--url',
      got: `'${url}'`,
      expected: 'a URL that begins with http:// or https://',
      ...fault,
    })
  }
  return url
}

function urlFault(text: string): { readonly hint?: string } | undefined {
  try {
    const { protocol } = new URL(text)
    if (protocol === 'http:' || protocol === 'https:') return undefined
  } catch {
    // said below
  }
  return /^[\w.-]+(:\d+)?(\/|$)/.test(text) ? { hint: `did you mean 'http://${text}'?` } : {}
}

function compileStart(reader: Reader, { planFile, env }: SystemContext): SystemSpec['start'] {
  const value = reader.raw('start')
  const folder = planFile === undefined ? process.cwd() : dirname(planFile)
  if (value === undefined) return undefined
  if (typeof value === 'string') return { command: words(reader, 'start', value), cwd: folder, env }
  const start = reader.nested('start', "a command line such as 'node server.js', or { command, cwd, env }")
  const command = start.raw('command')
  const cwd = start.text('cwd')
  const compiled = {
    command: words(start, 'command', command),
    cwd: cwd === undefined ? folder : fromPlan(cwd, planFile),
    env: { ...env, ...start.texts('env') },
  }
  start.finish()
  return compiled
}

function words(reader: Reader, key: string, value: unknown): readonly string[] {
  const command = typeof value === 'string' ? parseCommand(value) : value
  const good = Array.isArray(command) && command.length > 0 && command.every((word) => typeof word === 'string')
  if (!good) reader.note(key, value, "a command line such as 'node server.js', or an array of words")
  const shell = good ? command.find((word: string) => ['&&', '||', '|', ';', '>', '<'].includes(word)) : undefined
  if (shell !== undefined && typeof value === 'string') {
    reader.note(key, value, 'one command, which no shell reads', `for '${shell}', write: sh -c "…"`)
  }
  return good ? command : []
}

function compileReady(reader: Reader): SystemSpec['ready'] {
  const value = reader.raw('ready')
  const timeout = seconds(60)
  if (value === undefined) return undefined
  const ready =
    typeof value === 'string' ? undefined : reader.nested('ready', "a path such as '/health', or { path, timeout }")
  const path = ready === undefined ? (value as string) : ready.needText('path')
  const compiled = { path, timeout: ready?.duration('timeout', timeout, { positive: true }) ?? timeout }
  if (path !== '' && !/^(\/|https?:\/\/)/.test(path)) reader.note('ready', path, 'a path that begins with /')
  ready?.finish()
  return compiled
}
