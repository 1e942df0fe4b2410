import { join } from 'node:path'
import { Child } from '../harness/child.ts'
import type { Options } from '../harness/options.ts'
import { type Outcome, progress } from '../harness/output.ts'
import { newFolder } from '../harness/scratch.ts'
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
export async function accuracy({ quick, cores, tools, only }: Options): Promise<Outcome> {
  const seconds = quick ? 10 : SECONDS
  const clients = [ideal, ...tools].filter((tool) => tool.open !== undefined && tool.version() !== undefined)
  const cells: Cell[] = []
  for (const rate of quick ? RATES.slice(0, 1) : RATES) {
    for (const mode of only === undefined ? modes : modes.filter((one) => only.includes(one))) {
      let idealTruth: Truth | undefined
      for (const tool of clients) {
        const cell = await run(tool, { mode, rate, seconds, idealTruth, cores })
        if (tool === ideal) idealTruth = cell.truth
        cells.push(cell)
        progress(
          `${rate}/s ${mode} ${tool.name}: ${cell.error ?? percentileNames.map((name) => show(cell, name)).join(', ')}`,
        )
      }
    }
  }
  return {
    title: 'Accuracy against known delays',
    markdown: [list(clients.map(({ name, how }) => [name, how.open])), report(cells)].join('\n\n'),
    data: cells,
    failed: failures(cells),
  }
}

interface Job {
  readonly mode: Mode
  readonly rate: number
  readonly seconds: number
  readonly idealTruth: Truth | undefined
  readonly cores: Options['cores']
}

async function run(tool: Tool, { mode, rate, seconds, idealTruth, cores }: Job): Promise<Cell> {
  const scratch = newFolder()
  const server = await KnownDelayServer.start(mode, join(scratch, 'server.log'), cores?.server)
  try {
    // The server alone is pinned: a tool of several threads would lose on one core to itself, not to its method.
    const answer = await ask(tool, { url: server.url, rate, seconds, scratch })
    const served = await server.stop()
    if (served.length === 0) throw new Error(`${tool.name} sent nothing: ${answer.error ?? 'and said nothing'}`)
    const truth = truthOf(served)
    const planned = rate * seconds
    return { tool: tool.name, mode, rate, ...answer, expected: expected(mode, truth, idealTruth), truth, planned }
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
      sections.push(
        `### ${mode}, ${rate.toLocaleString('en')}/s`,
        `The server answered ${lateness?.p50.toFixed(2)} µs late (p50), ${lateness?.p99.toFixed(1)} µs (p99).`,
        table(
          ['ms (error in ms; in %), ✗ outside the bar', ...percentileNames, 'arrivals of plan'],
          [
            ['truth', ...percentileNames.map((name) => digits(rows[0]?.expected[name] ?? Number.NaN)), '100 %'],
            ...rows.map((cell) => [
              [cell.tool, ...remarks(cell)].join('; '),
              ...percentileNames.map((name) => show(cell, name)),
              `${((cell.truth.arrivals / cell.planned) * 100).toFixed(1)} %`,
            ]),
          ],
        ),
      )
    }
  }
  return sections.join('\n\n')
}

function remarks({ truth, own }: Cell): string[] {
  return [
    ...(own?.valid === false ? ['calls itself invalid'] : []),
    ...(truth.lateness.p99 > TRUSTED_US ? ['server disturbed'] : []),
  ]
}

function show(cell: Cell, name: PercentileName): string {
  const value = cell.reported[name]
  if (value === undefined || Number.isNaN(value)) return '–'
  const error = value - cell.expected[name]
  const mark = isWithinBar(cell.mode, name, value, cell.expected[name]) ? '' : ' ✗'
  return `${digits(value)} (${signed(error, 2)}; ${signed((error / cell.expected[name]) * 100, 1)} %)${mark}`
}

const signed = (value: number, places: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(places)}`
const digits = (ms: number) => (ms < 100 ? ms.toFixed(2) : ms.toFixed(0))

/** Plimsoll's bars: every percentile, and every planned arrival made or counted as dropped. */
function failures(cells: readonly Cell[]): string[] {
  return cells
    .filter(({ tool }) => tool === plimsoll.name)
    .flatMap((cell) => {
      const place = `accuracy: ${cell.mode} at ${cell.rate}/s`
      if (cell.error !== undefined) return [`${place}: ${cell.error}`]
      const wrong = percentileNames.filter((name) => {
        const value = cell.reported[name]
        return value === undefined || !isWithinBar(cell.mode, name, value, cell.expected[name])
      })
      const missing = cell.planned - cell.truth.arrivals - (cell.own?.dropped ?? 0)
      return [
        ...wrong.map((name) => `${place}: ${name} ${show(cell, name)}`),
        ...(missing === 0 ? [] : [`${place}: ${missing} arrivals neither made nor counted`]),
      ]
    })
}
