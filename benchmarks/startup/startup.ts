import { Child } from '../harness/child.ts'
import type { Options } from '../harness/options.ts'
import { type Outcome, progress } from '../harness/output.ts'
import { spread } from '../harness/statistics.ts'
import { table } from '../harness/table.ts'
import { within } from '../harness/wait.ts'
import { QuickServer } from '../servers/quick.ts'
import type { Tool } from '../tools/tool.ts'

const TRIALS = 15
const BAR_MS = 400

/** From the start of the process to its first request, as the server saw it; a new server for each trial. */
export async function startup({ quick, cores, tools }: Options): Promise<Outcome> {
  const contenders = tools.filter((tool) => tool.once !== undefined)
  const times = new Map<string, number[]>(contenders.map(({ name }) => [name, []]))
  for (let trial = 0; trial < (quick ? 3 : TRIALS); trial++) {
    for (const tool of contenders) times.get(tool.name)?.push(await firstRequest(tool, cores))
    progress(
      `trial ${trial + 1}: ${contenders.map(({ name }) => `${name} ${Math.round(times.get(name)?.at(-1) ?? 0)} ms`).join(', ')}`,
    )
  }
  const rows = contenders.map(({ name }) => {
    const { median, min, max } = spread(times.get(name) ?? [])
    return [name, `${Math.round(median)}`, `${Math.round(min)}–${Math.round(max)}`]
  })
  const own = times.get('Plimsoll')
  const median = own === undefined ? 0 : spread(own).median
  return {
    title: 'Start-up: process start to first request',
    markdown: table(['', 'median, ms', 'least–most'], rows),
    data: Object.fromEntries(times),
    failed:
      median <= BAR_MS ? [] : [`start-up: ${Math.round(median)} ms to the first request, and ${BAR_MS} is the bar`],
  }
}

async function firstRequest(tool: Tool, cores: Options['cores']): Promise<number> {
  const server = await QuickServer.start(cores?.server)
  const command = tool.once?.(server.url) ?? { argv: [] }
  const start = Number(process.hrtime.bigint()) / 1e9
  const child = new Child(command, cores?.generator)
  try {
    return ((await within(60, `${tool.name}'s first request`, server.firstRequest())) - start) * 1000
  } finally {
    child.kill()
    await child.end()
    await server.stop()
  }
}
