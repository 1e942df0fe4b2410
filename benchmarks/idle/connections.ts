import { spawnSync } from 'node:child_process'
import { Child } from '../harness/child.ts'
import type { Options } from '../harness/options.ts'
import { type Outcome, progress } from '../harness/output.ts'
import { table } from '../harness/table.ts'
import { Usage } from '../harness/usage.ts'
import { wait, within } from '../harness/wait.ts'
import { BroadcastServer } from '../servers/broadcast.ts'
import { plimsollRun } from '../tools/plimsoll.ts'

const CONNECTIONS = 30_000
/** What a process opens besides its connections, and how unevenly they may be dealt to servers that share a port. */
const OTHER_FILES = 1000

/**
 * Open at once, from one machine to one address and port: more than one source address has ports for. Where a process may
 * not have that many files open, as many processes as that takes share the work, on either side.
 */
export async function connections({ quick, cores }: Options): Promise<Outcome> {
  const wanted = quick ? CONNECTIONS / 10 : CONNECTIONS
  const limit = fileLimit()
  const processes = Math.ceil(wanted / (limit - OTHER_FILES))
  const servers = await startServers(processes, cores?.server)
  const url = servers[0]?.url ?? ''
  const users = Math.ceil(wanted / processes)
  const env = { PROTOCOL: 'ws', IDLE_USERS: `${users}` }
  const generators = servers.map(
    () => new Child(plimsollRun({ plan: 'idle/sockets.plan.ts', url, env }), cores?.generator),
  )
  try {
    const usages = generators.map(({ pid }) => new Usage(pid))
    const counts = async () => Promise.all(servers.map(async (server) => (await server.tick()).connections))
    let open: readonly number[] = []
    let most = 0
    const stand = async () => {
      while (most < wanted) {
        open = await counts()
        most = Math.max(most, sum(open))
      }
      await wait(quick ? 1 : 10)
      open = await counts()
    }
    const ended = generators.map(async (generator) => {
      const { code, stdout, stderr } = await generator.end(600_000)
      throw new Error(
        `Plimsoll ended too early (${code}): ${(stderr || stdout).trim().split('\n').slice(-5).join('\n')}`,
      )
    })
    const standing = within(wanted / 1000 + 60, `opening ${wanted} connections`, stand())
    await Promise.race([standing, ...ended]).catch((error) => progress(`${error}`))
    const memory = sum(usages.map((usage) => usage.memory()))
    const total = sum(open)
    progress(`${total} connections open at once`)
    const cells = [total.toLocaleString('en'), `${processes}`, open.map(String).join(' + '), (memory / 1e6).toFixed(0)]
    return {
      title: `${wanted.toLocaleString('en')} WebSocket connections from one machine to one port`,
      markdown: [
        table(['open at once', 'processes', 'by server', 'generators, MB'], [cells]),
        `A process may have ${limit.toLocaleString('en')} files open here (\`ulimit -Hn\`); one process alone would need ${(wanted + OTHER_FILES).toLocaleString('en')}.`,
      ].join('\n\n'),
      data: { wanted, open, processes, limit, memory },
      failed: total >= wanted ? [] : [`connections: ${total} were open at once, and ${wanted} is the bar`],
    }
  } finally {
    for (const generator of generators) generator.kill()
    await Promise.all(generators.map((generator) => generator.end()))
    await Promise.all(servers.map((server) => server.stop()))
  }
}

async function startServers(count: number, core: number | undefined): Promise<readonly BroadcastServer[]> {
  const first = await BroadcastServer.start(core)
  const { port } = new URL(first.url)
  const others = Array.from({ length: count - 1 }, () => BroadcastServer.start(core, port))
  return [first, ...(await Promise.all(others))]
}

/** As many files as a process may open: Node and the servers raise their own limit to it. */
function fileLimit(): number {
  const { stdout } = spawnSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' })
  const limit = Number(stdout)
  return Number.isNaN(limit) ? Number.POSITIVE_INFINITY : limit
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
