import { Child } from '../harness/child.ts'
import type { Options } from '../harness/options.ts'
import { type Outcome, progress } from '../harness/output.ts'
import { ratios, spread } from '../harness/statistics.ts'
import { list, table } from '../harness/table.ts'
import { Usage } from '../harness/usage.ts'
import { wait, within } from '../harness/wait.ts'
import { BroadcastServer } from '../servers/broadcast.ts'
import { type Contender, contenders, MEMBERS, type Protocol } from './contenders.ts'

/** Deliveries a second on one core. */
const BARS: Readonly<Record<Protocol, number>> = { WebSocket: 120_000, 'Socket.IO': 80_000 }

interface Round {
  /** Deliveries per second, by the server's count. */
  readonly rate: number
  /** Cores in use. */
  readonly server: number
  readonly generator: number
}

/**
 * A room of a thousand members in one process that receives, on one core, all that a server can send it: what Plimsoll
 * takes in while it accounts for every delivery, beside clients that only receive.
 */
export async function deliveries({ quick, rounds, cores, tools }: Options): Promise<Outcome> {
  const window = quick ? { warmUp: 2, measured: 3 } : { warmUp: 5, measured: 10 }
  const running = contenders(tools)
  const results = new Map<Contender, Round[]>(running.map((contender) => [contender, []]))
  const broken = new Map<Contender, string>()
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < running.length; i++) {
      const contender = running[(i + round) % running.length]
      if (contender === undefined || broken.has(contender)) continue
      try {
        const result = await oneRound(contender, cores, window)
        results.get(contender)?.push(result)
        progress(`${titleOf(contender)}: ${thousands(result.rate)}/s, ${result.generator.toFixed(2)} cores`)
      } catch (error) {
        broken.set(contender, String(error))
        progress(`${titleOf(contender)}: ${error}`)
      }
    }
  }
  return outcome(results, broken)
}

interface Window {
  /** Seconds. */
  readonly warmUp: number
  readonly measured: number
}

async function oneRound(contender: Contender, cores: Options['cores'], { warmUp, measured }: Window): Promise<Round> {
  const server = await BroadcastServer.start(cores?.server)
  const generator = new Child(contender.command(server.url), cores?.generator)
  const ended = generator.end(120_000).then(({ stdout, stderr }) => {
    throw new Error(`ended too early: ${(stderr || stdout).trim().split('\n').slice(-5).join('\n')}`)
  })
  const joined = async () => {
    while ((await server.tick()).members < MEMBERS);
  }
  const work = async () => {
    await within(60, `joining with ${MEMBERS} members`, joined())
    await wait(warmUp)
    const usage = new Usage(generator.pid)
    const from = await server.tick()
    await wait(measured)
    const to = await server.tick()
    const seconds = to.at - from.at
    return {
      rate: (to.frames - from.frames) / seconds,
      server: (to.cpu - from.cpu) / seconds,
      generator: usage.cpu() / seconds,
    }
  }
  try {
    return await Promise.race([work(), ended])
  } finally {
    generator.kill()
    await ended.catch(() => undefined)
    await server.stop()
  }
}

function outcome(results: ReadonlyMap<Contender, Round[]>, broken: ReadonlyMap<Contender, string>): Outcome {
  const working = [...results].filter(([, rounds]) => rounds.length > 0)
  const rates = (rounds: readonly Round[]) => rounds.map(({ rate }) => rate)
  const plimsollBeside = ({ protocol, publishers }: Contender) =>
    working.find(([one]) => isPlimsoll(one) && one.protocol === protocol && one.publishers === publishers)?.[1] ?? []
  const rows = working.map(([contender, rounds]) => {
    const middle = (of: (round: Round) => number) => spread(rounds.map(of)).median
    const { median, min, max } = spread(rates(rounds))
    const ratio = isPlimsoll(contender) ? undefined : ratios(rates(plimsollBeside(contender)), rates(rounds))
    return [
      contender.name,
      contender.protocol,
      `${contender.publishers}`,
      `${thousands(median)} (${thousands(min)}–${thousands(max)})`,
      ratio === undefined ? '–' : `${ratio.median.toFixed(2)} (${ratio.min.toFixed(2)}–${ratio.max.toFixed(2)})`,
      thousands(middle(({ rate, generator }) => rate / generator)),
      middle(({ generator }) => generator).toFixed(2),
      middle(({ server }) => server).toFixed(2),
    ]
  })
  const head = [
    '',
    'over',
    'publish',
    'deliveries/s',
    'Plimsoll × this',
    'per core used',
    'generator cores',
    'server cores',
  ]
  return {
    title: `Deliveries: ${thousands(MEMBERS)} members of one room, messages of 100 bytes`,
    markdown: [
      table(head, rows),
      list([...new Map(working.map(([{ name, how }]) => [name, how]))]),
      'Medians with least and most; ratios by round.',
      ...[...broken].map(([contender, error]) => `${titleOf(contender)} did not work: ${error}`),
    ].join('\n\n'),
    data: Object.fromEntries(working.map(([contender, rounds]) => [titleOf(contender), rounds])),
    failed: [...results].flatMap(([contender, rounds]) =>
      isPlimsoll(contender) ? short(contender, rates(rounds), broken.get(contender)) : [],
    ),
  }
}

/** Bars are for what a busy room is like: several messages under way. */
function short(contender: Contender, rates: readonly number[], error: string | undefined): string[] {
  if (error !== undefined) return [`deliveries: ${titleOf(contender)}: ${error}`]
  const bar = BARS[contender.protocol]
  const { median } = spread(rates)
  return contender.publishers === 1 || median >= bar
    ? []
    : [`deliveries: ${titleOf(contender)}: ${thousands(median)}/s, and ${thousands(bar)} is the bar`]
}

const titleOf = ({ name, protocol, publishers }: Contender) => `${name} over ${protocol}, ${publishers} publishing`
const isPlimsoll = ({ name }: Contender) => name === 'Plimsoll'
const thousands = (value: number) => Math.round(value).toLocaleString('en')
