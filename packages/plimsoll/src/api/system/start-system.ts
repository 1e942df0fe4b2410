import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { Socket } from 'node:net'
import { exitCodes, PlimsollError } from '../../base/errors.ts'
import { type Millis, millis } from '../../base/units.ts'
import type { SystemSpec } from '../../plan/compiled.ts'

const LOG_LINES = 20

/** A system under test that we started, or undefined parts of one that ran already. */
export interface RunningSystem {
  readonly pid: number | undefined
  /** Settles, with a sentence, if the system ends before it is told to. */
  readonly died: Promise<string>
  /** The newest lines of what it printed. */
  lastLines(): readonly string[]
  /** SIGTERM to its process group, SIGKILL after the plan's timeout. */
  stop(): Promise<void>
}

/** Starts the plan's system in a process group of its own, with everything it prints going to `logFile`. */
export function startSystem(spec: SystemSpec, logFile: string): RunningSystem {
  const { start } = spec
  if (start === undefined) {
    return { pid: undefined, died: new Promise(() => {}), lastLines: () => [], stop: async () => {} }
  }
  const [command = '', ...args] = start.command
  const log = createWriteStream(logFile, { flags: 'a' })
  log.on('error', () => undefined)
  const lines: string[] = []
  let stopping = false

  const child = spawn(command, args, {
    cwd: start.cwd,
    env: { ...process.env, ...start.env },
    // A group of its own: Ctrl-C in the terminal is for us, and stopping it stops its children as well.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  for (const stream of [child.stdout, child.stderr]) keepLines(stream, log, lines)

  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`could not be started: ${error.message}`))
    child.once('exit', (code, signal) =>
      resolve(signal === null ? `ended with code ${code}` : `was ended by ${signal}`),
    )
  })
  // However we end, it must not stay behind.
  const guard = guardGroup(child)
  const killAtExit = () => signalGroup(child, 'SIGKILL')
  process.once('exit', killAtExit)

  return {
    pid: child.pid,
    died: new Promise((resolve) => {
      void ended.then((how) => {
        if (!stopping) resolve(`'${start.command.join(' ')}' ${how}`)
      })
    }),
    lastLines: () => lines,
    async stop() {
      stopping = true
      if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
        signalGroup(child, 'SIGTERM')
        const kill = setTimeout(() => signalGroup(child, 'SIGKILL'), spec.stopTimeout)
        await ended
        clearTimeout(kill)
      }
      process.off('exit', killAtExit)
      guard?.kill('SIGKILL')
      log.end()
      await once(log, 'close').catch(() => undefined)
    },
  }
}

/** What to tell a user whose system did not come up or went away. */
export function systemFailed(code: 'SYSTEM_NOT_READY' | 'SYSTEM_DIED', message: string, system: RunningSystem) {
  const lines = system.lastLines().slice(-LOG_LINES)
  return new PlimsollError(code, message, {
    exitCode: exitCodes.systemFailed,
    hint:
      lines.length > 0
        ? 'The last lines that it printed are above; all of them are in system.log of the run.'
        : 'Start it by hand with the same command to see what it says, and check `system` in the plan.',
    details: lines,
  })
}

/**
 * A shell that waits for the end of a pipe whose other end is ours: when we are killed and can do nothing any more, it
 * ends the system's group. Undefined where there is no such shell.
 */
function guardGroup(child: ChildProcess): ChildProcess | undefined {
  if (child.pid === undefined || process.platform === 'win32') return undefined
  const script = `cat >/dev/null; kill -TERM -${child.pid} 2>/dev/null; sleep 5; kill -KILL -${child.pid} 2>/dev/null`
  const guard = spawn('/bin/sh', ['-c', script], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
  guard.on('error', () => undefined)
  guard.unref()
  if (guard.stdin instanceof Socket) guard.stdin.unref()
  return guard
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    // Already gone.
  }
}

function keepLines(stream: NodeJS.ReadableStream | null, log: NodeJS.WritableStream, lines: string[]): void {
  let rest = ''
  stream?.setEncoding('utf8')
  stream?.on('data', (text: string) => {
    log.write(text)
    const parts = (rest + text).split('\n')
    rest = (parts.pop() ?? '').slice(-4096)
    lines.push(...parts)
    lines.splice(0, Math.max(0, lines.length - 100))
  })
}

/** Waits between two looks at a system that is not ready yet. */
export const READY_POLL: Millis = millis(40)
