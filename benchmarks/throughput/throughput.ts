import { Child } from '../harness/child.ts'
import type { Options } from '../harness/options.ts'
import { type Outcome, progress } from '../harness/output.ts'
import { ratios, type Spread, spread } from '../harness/statistics.ts'
import { list, table } from '../harness/table.ts'
import { Usage } from '../harness/usage.ts'
import { wait, within } from '../harness/wait.ts'
import { QuickServer } from '../servers/quick.ts'
import type { Tool } from '../tools/tool.ts'

const USERS = 100
/** The bars of the project: of wrk, and times each rival that runs scripts. */
const OF_WRK = 0.7
const TIMES_SCRIPTED = 5
const scripted = ['Artillery', 'Locust']

interface Round {
  /** Requests per second, by the server's count. */
  readonly rate: number
  /** Cores in use. */
  readonly server: number
  readonly generator: number
}

interface Results {
  readonly rounds: ReadonlyMap<string, Round[]>
  /** Tools that failed, and with what. */
  readonly broken: Map<string, string>
  native: boolean
}

/**
 * 100 users in a closed loop without think time, every tool against the same server and counted by it: all are held
 * against one ruler, in the same window after the same warm-up, and what a tool says of itself does not matter.
 */
export async function throughput({ quick, rounds, cores, tools }: Options): Promise<Outcome> {
  const [warmUp, measured] = quick ? [1, 2] : [3, 8]
  const contenders = tools.filter((tool) => tool.closed !== undefined)
  const results: Results = {
    rounds: new Map(contenders.map(({ name }) => [name, []])),
    broken: new Map(),
    native: true,
  }
  for (let round = 0; round < rounds; round++) {
    // Another one begins each round, so that none always runs on a machine that the same other one has warmed.
    for (let i = 0; i < contenders.length; i++) {
      const tool = contenders[(i + round) % contenders.length]
      if (tool === undefined || results.broken.has(tool.name)) continue
      await oneRound(tool, { warmUp, measured, cores }, results)
    }
  }
  return outcome(results, contenders)
}

interface Window {
  /** Seconds. */
  readonly warmUp: number
  readonly measured: number
  readonly cores: Options['cores']
}

async function oneRound(tool: Tool, window: Window, results: Results): Promise<void> {
  const server = await QuickServer.start(window.cores?.server)
  results.native &&= server.native
  const seconds = Math.ceil(window.warmUp + window.measured + 4)
  const command = tool.closed?.({ url: server.url, users: USERS, seconds }) ?? { argv: [] }
  const generator = new Child(command, window.cores?.generator)
  try {
    const result = await measure(tool, server, generator, window)
    results.rounds.get(tool.name)?.push(result)
    progress(`${tool.name} ${Math.round(result.rate)}/s`)
  } catch (error) {
    results.broken.set(tool.name, String(error))
    progress(`${tool.name}: ${error}`)
  } finally {
    generator.kill()
    await generator.end()
    await server.stop()
  }
}

async function measure(
  tool: Tool,
  server: QuickServer,
  generator: Child,
  { warmUp, measured }: Window,
): Promise<Round> {
  const ended = generator.end(60_000).then(({ stdout, stderr }) => {
    throw new Error(`${tool.name} ended too early: ${(stderr || stdout).trim().split('\n').slice(-5).join('\n')}`)
  })
  const work = async () => {
    await within(30, `${tool.name}'s first request`, server.firstRequest())
    await wait(warmUp)
    const usage = new Usage(generator.pid)
    const from = await server.tick()
    await wait(measured)
    const to = await server.tick()
    const seconds = to.at - from.at
    return {
      rate: (to.requests - from.requests) / seconds,
      server: (to.cpu - from.cpu) / seconds,
      generator: usage.cpu() / seconds,
    }
  }
  return Promise.race([work(), ended])
}

function outcome({ rounds, broken, native }: Results, tools: readonly Tool[]): Outcome {
  const rates = (name: string) => (rounds.get(name) ?? []).map(({ rate }) => rate)
  const timesThis = (name: string) => (name === 'Plimsoll' ? undefined : ratios(rates('Plimsoll'), rates(name)))
  const working = tools.filter(({ name }) => rates(name).length > 0)
  const rows = working.map(({ name }) => {
    const middle = (of: (round: Round) => number) => spread((rounds.get(name) ?? []).map(of)).median.toFixed(2)
    const { median, min, max } = spread(rates(name))
    return [
      name,
      `${thousands(median)} (${thousands(min)}–${thousands(max)})`,
      show(ratios(rates(name), rates('wrk'))),
      show(timesThis(name)),
      thousands(spread((rounds.get(name) ?? []).map(({ rate, generator }) => rate / generator)).median),
      middle(({ generator }) => generator),
      middle(({ server }) => server),
    ]
  })
  const head = ['', 'requests/s', '× wrk', 'Plimsoll × this', 'per core used', 'generator cores', 'server cores']
  const remarks = [
    'Medians with least and most; ratios by round.',
    ...(native ? [] : ['No C compiler: the server is the stand-in in Node and may be the bottleneck.']),
    ...[...broken].map(([name, error]) => `${name} did not work: ${error}`),
  ]
  return {
    title: `Throughput: ${USERS} users, closed loop, small JSON`,
    markdown: [table(head, rows), list(working.map(({ name, how }) => [name, how.closed])), ...remarks].join('\n\n'),
    data: Object.fromEntries(rounds),
    failed: [
      ...short('wrk', ratios(rates('Plimsoll'), rates('wrk')), OF_WRK),
      ...scripted.flatMap((name) => short(name, timesThis(name), TIMES_SCRIPTED)),
      ...(broken.has('Plimsoll') ? [`throughput: ${broken.get('Plimsoll')}`] : []),
    ],
  }
}

function short(rival: string, ratio: Spread | undefined, bar: number): string[] {
  if (ratio === undefined || ratio.median >= bar) return []
  return [`throughput: ${ratio.median.toFixed(2)} × ${rival}, and ${bar.toFixed(2)} is the bar`]
}

const show = (ratio: Spread | undefined) =>
  ratio === undefined ? '–' : `${ratio.median.toFixed(2)} (${ratio.min.toFixed(2)}–${ratio.max.toFixed(2)})`
const thousands = (value: number) => Math.round(value).toLocaleString('en')
