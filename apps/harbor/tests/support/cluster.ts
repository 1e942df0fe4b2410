import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { freePorts } from '../../cluster/ports.ts'

const program = fileURLToPath(new URL('../../dist/cluster.js', import.meta.url))

interface RunningInstance {
  readonly url: string
  readonly pid: number
}

/** `harbor:cluster` as a process of its own, and what it prints. */
export async function runCluster(folder: string, args: readonly string[], env: Record<string, string> = {}) {
  const child: ChildProcess = spawn(process.execPath, [program, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    let rest = ''
    stream?.setEncoding('utf8').on('data', (text: string) => {
      const [...whole] = (rest + text).split('\n')
      rest = whole.pop() ?? ''
      lines.push(...whole)
      child.emit('output')
    })
  }
  const ended = once(child, 'close').then(() => ({ code: child.exitCode, text: lines.join('\n') }))
  const waitFor = async (isIt: () => boolean) => {
    while (!isIt()) {
      const state = await Promise.race([once(child, 'output'), ended])
      if (!Array.isArray(state)) throw new Error(`the cluster ended: ${JSON.stringify(state)}`)
    }
  }
  return {
    lines,
    ended,
    signal: (signal: NodeJS.Signals) => void child.kill(signal),
    says: (text: RegExp) => waitFor(() => lines.some((line) => text.test(line))),
    waitFor,
    /** Every start of the instance so far, the newest last. */
    starts: (name: string): readonly RunningInstance[] =>
      lines
        .filter((line) => line.startsWith(name) && line.includes('listens at'))
        .map((line) => JSON.parse(line.slice(line.indexOf('{'))) as { msg: string; pid: number })
        .map(({ msg, pid }) => ({ pid, url: msg.slice(msg.indexOf('http')) })),
  }
}

export async function startCluster(folder: string) {
  const [port = 0, tlsPort = 0] = await freePorts(2)
  const cluster = await runCluster(folder, ['--port', String(port), '--tls-port', String(tlsPort)])
  await cluster.says(/cluster +\| harbor listens at/)
  return { ...cluster, port, url: `http://127.0.0.1:${port}`, secureUrl: `https://127.0.0.1:${tlsPort}` }
}
