import { join } from 'node:path'
import { Child } from '../harness/child.ts'
import type { Options } from '../harness/options.ts'
import { type Outcome, progress } from '../harness/output.ts'
import { newFolder } from '../harness/scratch.ts'
import { spread } from '../harness/statistics.ts'
import { list, table } from '../harness/table.ts'
import { KnownDelayServer, type Mode, modes } from '../servers/known-delay.ts'
import { ideal } from '../tools/ideal.ts'
import { plimsoll, readPlimsoll } from '../tools/plimsoll.ts'
import { type OpenLoad, type PercentileName, type Percentiles, percentileNames, type Tool } from '../tools/tool.ts'
import { expected, isWithinBar, type Truth, truthOf } from './truth.ts'

const RATES = [500, 2000]
/** Four whole periods of the freezing server. */
const SECONDS = 20
/** A server later than this for one answer in a hundred was itself disturbed, and the cell says so. */
const TRUSTED_US = 50

interface Cell {
  readonly round: number
  readonly tool: string
  readonly mode: Mode
  readonly rate: number
  readonly reported: Percentiles
  readonly expected: Readonly<Record<PercentileName, number>>
  readonly truth: Truth
  readonly planned: number
  /** Of Plimsoll: arrivals that it says it dropped, and whether it trusts its own figures. */
  readonly own: { readonly dropped: number; readonly valid: boolean } | undefined
  /** What went wrong, when there is nothing to compare. */
  readonly error: string | undefined
}

/** Every tool against a server whose delays are known: what it reports beside what the server wrote down. */
export async function accuracy({ quick, rounds, cores, tools, only }: Options): Promise<Outcome> {
  const seconds = quick ? 10 : SECONDS
  const contenders = tools.filter((tool) => tool.open !== undefined && tool.version() !== undefined)
  const cells: Cell[] = []
  for (const rate of quick ? RATES.slice(0, 1) : RATES) {
    for (const mode of only === undefined ? modes : modes.filter((one) => only.includes(one))) {
      for (let round = 0; round < rounds; round++) {
        // The ideal client first, for its truth is needed; then another one begins each round.
        const turn = round % Math.max(1, contenders.length)
        const order = [ideal, ...contenders.slice(turn), ...contenders.slice(0, turn)]
        let idealTruth: Truth | undefined
        for (const tool of order.filter((one) => one.version() !== undefined)) {
          const cell = await run(tool, { round, mode, rate, seconds, idealTruth, cores })
          if (tool === ideal) idealTruth = cell.truth
          cells.push(cell)
          const figures = percentileNames.map((name) => show([cell], name)).join(', ')
          progress(`${rate}/s ${mode} ${tool.name}: ${cell.error ?? figures}`)
        }
      }
    }
  }
  const clients = [ideal, ...contenders]
  const remark =
    'Each figure is that of the round with the median error; then the least and the greatest error of all rounds.'
  return {
    title: 'Accuracy against known delays',
    markdown: [
      list(clients.map(({ name, how }) => [name, how.open])),
      ...(rounds > 1 ? [`${rounds} rounds, interleaved. ${remark}`] : []),
      report(cells),
    ].join('\n\n'),
    data: cells,
    failed: failures(cells),
  }
}

interface Job {
  readonly round: number
  readonly mode: Mode
  readonly rate: number
  readonly seconds: number
  readonly idealTruth: Truth | undefined
  readonly cores: Options['cores']
}

async function run(tool: Tool, { round, mode, rate, seconds, idealTruth, cores }: Job): Promise<Cell> {
  const scratch = newFolder()
  const server = await KnownDelayServer.start(mode, join(scratch, 'server.log'), cores?.server)
  try {
    // The server alone is pinned: a tool of several threads would lose on one core to itself, not to its method.
    const answer = await ask(tool, { url: server.url, rate, seconds, scratch })
    const served = await server.stop()
    if (served.length === 0) throw new Error(`${tool.name} sent nothing: ${answer.error ?? 'and said nothing'}`)
    const truth = truthOf(served)
    const planned = rate * seconds
    const wanted = expected(mode, truth, idealTruth)
    return { round, tool: tool.name, mode, rate, ...answer, expected: wanted, truth, planned }
  } finally {
    await server.stop()
  }
}

/** What the tool says of its run, once it has ended. */
async function ask(tool: Tool, load: OpenLoad): Promise<Pick<Cell, 'reported' | 'own' | 'error'>> {
  if (tool.open === undefined) throw new Error(`${tool.name} has no open load`)
  const { read, ...command } = tool.open(load)
  const { stdout, stderr } = await new Child(command, undefined).end((load.seconds + 90) * 1000)
  try {
    const reported = await read(stdout)
    const result = tool === plimsoll ? await readPlimsoll(load.scratch) : undefined
    const own = result && { dropped: result.counters.dropped, valid: result.generator.valid }
    return { reported, own, error: undefined }
  } catch (reason) {
    const message = reason instanceof Error ? reason.message : reason
    return { reported: nothing, own: undefined, error: `${message}: ${stderr.trim().split('\n').slice(-3).join(' ')}` }
  }
}

const nothing: Percentiles = { p50: undefined, p90: undefined, p95: undefined, p99: undefined, 'p99.9': undefined }

function report(cells: readonly Cell[]): string {
  const sections: string[] = []
  for (const rate of new Set(cells.map((cell) => cell.rate))) {
    for (const mode of modes) {
      const rows = cells.filter((cell) => cell.rate === rate && cell.mode === mode)
      if (rows.length === 0) continue
      const { lateness } = rows[0]?.truth ?? { lateness: undefined }
      const names = [...new Set(rows.map(({ tool }) => tool))]
      sections.push(
        `### ${mode}, ${rate.toLocaleString('en')}/s`,
        `The server answered ${lateness?.p50.toFixed(2)} µs late (p50), ${lateness?.p99.toFixed(1)} µs (p99).`,
        table(
          ['ms (error in ms; in %), ✗ outside the bar', ...percentileNames, 'arrivals of plan'],
          [
            ['truth', ...percentileNames.map((name) => digits(rows[0]?.expected[name] ?? Number.NaN)), '100 %'],
            ...names.map((tool) => {
              const own = rows.filter((row) => row.tool === tool)
              const arrivals = Math.min(...own.map(({ truth, planned }) => truth.arrivals / planned))
              return [
                [tool, ...remarks(own)].join('; '),
                ...percentileNames.map((name) => show(own, name)),
                `${(arrivals * 100).toFixed(1)} %`,
              ]
            }),
          ],
        ),
      )
    }
  }
  return sections.join('\n\n')
}

function remarks(cells: readonly Cell[]): string[] {
  const count = (what: string, is: (cell: Cell) => boolean): string[] => {
    const times = cells.filter(is).length
    if (times === 0) return []
    return [cells.length === 1 ? what : `${what} in ${times} of ${cells.length}`]
  }
  return [
    ...count('calls itself invalid', ({ own }) => own?.valid === false),
    ...count('server disturbed', ({ truth }) => truth.lateness.p99 > TRUSTED_US),
    ...count('failed', ({ error }) => error !== undefined),
  ]
}

const errorOf = ({ reported, expected }: Cell, name: PercentileName): number =>
  (reported[name] ?? Number.NaN) - expected[name]

/** The round with the (lower) median error of one percentile; undefined where no round has that percentile. */
function middle(cells: readonly Cell[], name: PercentileName): Cell | undefined {
  const known = cells.filter((cell) => !Number.isNaN(errorOf(cell, name)))
  return known.toSorted((a, b) => errorOf(a, name) - errorOf(b, name))[Math.ceil(known.length / 2) - 1]
}

function isWithin(cell: Cell | undefined, name: PercentileName): boolean {
  const value = cell?.reported[name]
  return cell !== undefined && value !== undefined && isWithinBar(cell.mode, name, value, cell.expected[name])
}

function show(cells: readonly Cell[], name: PercentileName): string {
  const cell = middle(cells, name)
  if (cell === undefined) return '–'
  const error = errorOf(cell, name)
  const all = spread(cells.map((one) => errorOf(one, name)).filter((one) => !Number.isNaN(one)))
  const range = cells.length === 1 ? '' : `; ${signed(all.min, 2)} to ${signed(all.max, 2)}`
  const share = signed((error / cell.expected[name]) * 100, 1)
  return `${digits(cell.expected[name] + error)} (${signed(error, 2)}; ${share} %${range})${isWithin(cell, name) ? '' : ' ✗'}`
}

const signed = (value: number, places: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(places)}`
const digits = (ms: number) => (ms < 100 ? ms.toFixed(2) : ms.toFixed(0))

/** Plimsoll's bars: the median of every percentile, and in each round every planned arrival made or counted as dropped. */
function failures(cells: readonly Cell[]): string[] {
  const own = cells.filter(({ tool }) => tool === plimsoll.name)
  const places = new Map<string, Cell[]>()
  for (const cell of own) {
    const place = `accuracy: ${cell.mode} at ${cell.rate}/s`
    places.set(place, [...(places.get(place) ?? []), cell])
  }
  return [...places].flatMap(([place, rounds]) => {
    const broken = rounds.flatMap(({ error }) => (error === undefined ? [] : [`${place}: ${error}`]))
    const missing = rounds
      .map((cell) => cell.planned - cell.truth.arrivals - (cell.own?.dropped ?? 0))
      .filter((count) => count !== 0)
    return [
      ...broken,
      ...percentileNames
        .filter((name) => !isWithin(middle(rounds, name), name))
        .map((name) => `${place}: ${name} ${show(rounds, name)}`),
      ...missing.map((count) => `${place}: ${count} arrivals neither made nor counted`),
    ]
  })
}
