import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { afterEach, describe, expect, it } from 'vitest'
import { millis } from '../../packages/plimsoll/src/base/units.ts'
import { coresOf, ThreadPlacement } from '../../packages/plimsoll/src/engine/coordinator/thread-placement.ts'

/** A thread that does nothing but turn until it is told to end. */
const busy = `
  const { parentPort } = require('node:worker_threads')
  parentPort.postMessage(Number(require('node:fs').readlinkSync('/proc/thread-self').split('/').at(-1)))
  for (;;);
`

const coresOfThread = (thread: number): number[] => {
  const [, list = ''] =
    /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync(`/proc/self/task/${thread}/status`, 'utf8')) ?? []
  return coresOf(list)
}

const canPlace = (): boolean => {
  try {
    execFileSync('taskset', ['--version'])
    return coresOfThread(process.pid).length > 1
  } catch {
    return false
  }
}

const ended: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ended.splice(0)) await end()
})

async function busyWorker(): Promise<number> {
  const worker = new Worker(busy, { eval: true })
  ended.push(() => worker.terminate())
  const [thread] = await once(worker, 'message')
  return thread
}

function busyProcess(core: number): ChildProcess {
  const process = spawn('taskset', ['-c', String(core), 'sh', '-c', 'while :; do :; done'])
  ended.push(() => process.kill())
  return process
}

describe.runIf(canPlace())('the placement of threads', () => {
  it('keeps workers and all others on cores of their own, and gives the others all cores back', async () => {
    const cores = coresOfThread(process.pid)
    const worker = await busyWorker()
    const placement = await ThreadPlacement.make([], [worker])
    expect(coresOfThread(process.pid)).toEqual(cores.slice(0, -1))
    expect(coresOfThread(worker)).toEqual(cores.slice(-1))
    await placement?.end()
    expect(coresOfThread(process.pid)).toEqual(cores)
  })

  it('lets a worker go whose core somebody else crowds', async () => {
    const cores = coresOfThread(process.pid)
    const worker = await busyWorker()
    const placement = await ThreadPlacement.make([], [worker])
    ended.push(() => placement?.end())
    await placement?.check(millis(1))
    busyProcess(cores.at(-1) ?? 0)
    while (coresOfThread(worker).length === 1) await placement?.check(millis(1))
    expect(coresOfThread(worker)).toEqual(cores)
  })

  it('changes nothing where every core has its worker', async () => {
    const cores = coresOfThread(process.pid)
    const workers = await Promise.all(cores.map(busyWorker))
    expect(await ThreadPlacement.make([], workers)).toBeUndefined()
    expect(coresOfThread(process.pid)).toEqual(cores)
  })
})
