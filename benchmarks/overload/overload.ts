import { Child } from '../harness/child.ts'
import type { Options } from '../harness/options.ts'
import { type Outcome, progress } from '../harness/output.ts'
import { newFolder } from '../harness/scratch.ts'
import { table } from '../harness/table.ts'
import { QuickServer } from '../servers/quick.ts'
import { plimsollRun, readPlimsoll } from '../tools/plimsoll.ts'

interface Case {
  readonly name: string
  readonly rate: number
  /** Endless loops on the generator's own core. */
  readonly hogs: number
}

/** 100,000 a second is about what one core can do; the last asks for twenty times that. */
const cases: readonly Case[] = [
  { name: '500/s beside four CPU hogs', rate: 500, hogs: 4 },
  { name: '2,000/s beside four CPU hogs', rate: 2_000, hogs: 4 },
  { name: '200,000/s, twice what it can do', rate: 200_000, hogs: 0 },
  { name: '2,000,000/s, twenty times what it can do', rate: 2_000_000, hogs: 0 },
]
const INVALID = 3

interface Result {
  readonly name: string
  readonly exitCode: number | undefined
  readonly verdict: string
  readonly reasons: readonly string[]
}

/** A generator that is the bottleneck must say so: each of these runs has to end `invalid`. */
export async function overload({ quick, cores }: Options): Promise<Outcome> {
  const results: Result[] = []
  for (const one of quick ? cases.slice(1, 3) : cases) {
    const result = await run(one, cores)
    results.push(result)
    progress(`${one.name}: ${result.verdict}, exit code ${result.exitCode}`)
  }
  const rows = results.map(({ name, verdict, exitCode, reasons }) => [name, verdict, `${exitCode}`, reasons[0] ?? '–'])
  return {
    title: 'Overload on purpose: Plimsoll must find itself invalid',
    markdown: table(['', 'verdict', 'exit code', 'its first reason'], rows),
    data: results,
    failed: results
      .filter(({ exitCode, verdict }) => exitCode !== INVALID || verdict !== 'invalid')
      .map(({ name, verdict, exitCode }) => `overload: "${name}" ended ${verdict}, exit code ${exitCode}`),
  }
}

async function run({ name, rate, hogs }: Case, cores: Options['cores']): Promise<Result> {
  const scratch = newFolder()
  const server = await QuickServer.start(cores?.server)
  const hog = { argv: [process.execPath, '-e', 'for (;;);'] }
  const neighbours = Array.from({ length: hogs }, () => new Child(hog, cores?.generator))
  try {
    const command = plimsollRun({
      plan: 'overload/overload.plan.ts',
      url: server.url,
      scratch,
      env: { RATE: `${rate}` },
    })
    const { code, stderr } = await new Child(command, cores?.generator).end(180_000)
    const result = await readPlimsoll(scratch).catch(() => undefined)
    const reasons = result?.generator.reasons ?? [stderr.trim().split('\n').at(-1) ?? '']
    return { name, exitCode: code, verdict: result?.verdict ?? 'no result', reasons }
  } finally {
    for (const neighbour of neighbours) neighbour.kill()
    await Promise.all(neighbours.map((neighbour) => neighbour.end()))
    await server.stop()
  }
}
