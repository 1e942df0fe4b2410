import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

export const build = () => promisify(execFile)(process.execPath, [at('build.mjs')])

/** A harbor in a process of its own, that can be killed, and started again at the same port. */
export async function startProcess(env: Readonly<Record<string, string>>) {
  let child: ChildProcess
  let port = '0'
  let said = ''

  async function start(): Promise<void> {
    child = spawn(process.execPath, [at('dist/server.js')], {
      env: { PATH: process.env['PATH'] ?? '', ...env, PORT: port },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let text = ''
    child.stdout?.setEncoding('utf8').on('data', (piece: string) => {
      text += piece
      said += piece
      child.emit('said')
    })
    for (;;) {
      const [, found] = /listens at http:\/\/[^:"\s]+:(\d+)/.exec(text) ?? []
      if (found !== undefined) {
        port = found
        return
      }
      if (child.exitCode !== null) throw new Error(`harbor ended: ${text}`)
      await Promise.race([once(child, 'said'), once(child, 'exit')])
    }
  }

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(signal)
      await once(child, 'exit')
    }
    return child.exitCode
  }

  await start()
  return {
    get url() {
      return `http://127.0.0.1:${port}`
    },
    /** All that it wrote to stdout. */
    get said() {
      return said
    },
    start,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  }
}

export type HarborProcess = Awaited<ReturnType<typeof startProcess>>
