import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Child } from '../harness/child.ts'
import { newFolder } from '../harness/scratch.ts'
import { type PlimsollResult, plimsollRun, readPlimsoll } from '../tools/plimsoll.ts'

/** The part of `result.json` about deliveries. */
export interface Deliveries {
  readonly published: number
  readonly expected: number
  readonly received: number
  readonly late: number
  readonly lost: number
  readonly duplicated: number
  readonly out_of_order: number
  readonly uncertain: number
  readonly p50: number | null
  readonly p95: number | null
  readonly p99: number | null
  readonly max: number | null
}

export interface ChatResult extends PlimsollResult {
  readonly checks: readonly { readonly name: string; readonly passed: number; readonly failed: number }[]
  readonly deliveries: readonly Deliveries[]
  readonly thresholds: readonly Threshold[]
}

export interface Threshold {
  readonly subject: string
  readonly metric: string
  readonly limit: string
  readonly actual: number | null
  readonly unit: string
  readonly verdict: string
  readonly atLeast: boolean
}

export interface ChatRun {
  readonly result: ChatResult
  readonly deliveries: Deliveries
  /** The longest time, in whole seconds, in which nobody got anything, between the first delivery and the load's end. */
  readonly silence: number
}

interface Options {
  readonly plan: string
  readonly url: string
  readonly core?: number | undefined
  readonly profile?: string
  readonly seconds?: number
  readonly env?: Readonly<Record<string, string>>
}

/** Runs a plan; fails when the run ends before `meanwhile` is done. */
export async function runPlan(options: Options, meanwhile?: () => Promise<unknown>): Promise<ChatResult> {
  return (await runAndKeep(options, meanwhile)).result
}

/** Runs a plan that declares deliveries. */
export async function runChat(options: Options, meanwhile?: () => Promise<unknown>): Promise<ChatRun> {
  const { result, folder } = await runAndKeep(options, meanwhile)
  const [deliveries] = result.deliveries
  if (deliveries === undefined) throw new Error('nothing was published')
  return { result, deliveries, silence: await silence(folder) }
}

async function runAndKeep({ core, ...options }: Options, meanwhile?: () => Promise<unknown>) {
  const folder = newFolder()
  const child = new Child(plimsollRun({ ...options, scratch: folder }), core)
  const ended = child.end(400_000)
  try {
    const isDone = await Promise.race([meanwhile?.().then(() => true) ?? true, ended.then(() => false)])
    const { stderr } = await ended
    if (!isDone) throw new Error(`Plimsoll ended too early: ${stderr.trim().split('\n').slice(-5).join('\n')}`)
    const result = (await readPlimsoll(folder).catch(() => {
      throw new Error(`Plimsoll gave no result: ${stderr.trim().split('\n').slice(-5).join('\n')}`)
    })) as ChatResult
    return { result, folder }
  } finally {
    child.kill()
    await ended
  }
}

interface StoredInterval {
  readonly type: string
  readonly from: number
  readonly to: number
  readonly phase: string
  readonly series: readonly { readonly metric: string; readonly count: number }[]
}

async function silence(folder: string): Promise<number> {
  const [run = ''] = await readdir(join(folder, 'run'))
  const lines = (await readFile(join(folder, 'run', run, 'events.ndjson'), 'utf8')).split('\n').filter(Boolean)
  let longest = 0
  let last: number | undefined
  for (const line of lines) {
    const { type, from, to, phase, series } = JSON.parse(line) as StoredInterval
    if (type !== 'interval' || phase === 'stopping') continue
    if (!series.some(({ metric, count }) => metric === 'delivery.latency' && count > 0)) continue
    if (last !== undefined) longest = Math.max(longest, from - last)
    last = to
  }
  return longest / 1000
}
