import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { feederCounter } from '../../packages/plimsoll/src/plan/feeder-cursor.ts'
import { openWorkshop, type Workshop } from './library.ts'

let workshop: Workshop
beforeAll(async () => {
  workshop = await openWorkshop()
})
afterAll(() => workshop.remove())

const ROWS = 20_000
const WORKERS = 4

/** Takes rows, one user after the other, until the feeder is dry, and posts them. */
const worker = `
import { parentPort, workerData } from 'node:worker_threads'
import { FeederCursor, FeederDryError } from './feeder-cursor.ts'
import { createRandom } from './random.ts'
const rows = Array.from({ length: ${ROWS} }, (_, i) => i)
const feeder = { kind: 'feeder', id: 0, name: 'rows', rows, order: workerData.order, dry: 'stop' }
const taken = []
const cursor = (user) => new FeederCursor(feeder, workerData.counter, createRandom(1, user))
const only = cursor(0)
try {
  for (let user = 0; ; user++) taken.push((workerData.order === 'unique' ? cursor(user) : only).next())
} catch (error) {
  if (!(error instanceof FeederDryError)) throw error
}
parentPort.postMessage(taken)
`

test.each(['shared', 'unique'])('%s rows are dealt once over threads that ask at the same time', async (order) => {
  const outfile = join(workshop.folder, 'taker.mjs')
  const resolveDir = fileURLToPath(new URL('../../packages/plimsoll/src/plan', import.meta.url))
  await build({
    stdin: { contents: worker, resolveDir, loader: 'ts' },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
  })
  const counter = feederCounter()
  const taken = await Promise.all(
    Array.from({ length: WORKERS }, () => {
      const thread = new Worker(outfile, { workerData: { order, counter } })
      return new Promise<number[]>((resolve, reject) => {
        thread.once('message', resolve)
        thread.once('error', reject)
      })
    }),
  )
  const all = taken.flat().sort((a, b) => a - b)
  expect(all).toEqual(Array.from({ length: ROWS }, (_, i) => i))
})
