import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type TemporaryRedis, temporaryRedis } from '../probes/temporary-redis.ts'
import { readJson, run, runFolder } from '../support/plimsoll.ts'

const plans = fileURLToPath(new URL('../../plans/', import.meta.url))

interface Delivery {
  readonly event: string
  readonly expected: number
  readonly received: number
  readonly lost: number
}

interface Shape {
  readonly shape: string
  readonly scheduled: number
  readonly started: number
  readonly dropped: number
}

interface Judged {
  readonly subject: string
  readonly verdict: string
}

let redis: TemporaryRedis
beforeAll(async () => {
  redis = await temporaryRedis()
})
afterAll(() => redis?.stop())

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-smoke-'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

/** What is done so seldom that nobody may do it within seconds. */
const seldom: Readonly<Record<string, readonly string[]>> = {
  'task9-chat': ['POST /api/files', 'GET /api/messages/search', 'step time to first message'],
}

/** Those with limits on Redis; the others see harbor without one. */
const withRedis = ['task9-chat', 'flux-studio', 'dchat']

describe('smoke, for seconds, against harbor with its own Postgres', () => {
  it.each(['archive-origin', 'task9-chat', 'time-warp', 'flux-studio', 'dchat'])(
    '%s measures all that it judges, and loses nothing',
    { timeout: 120_000 },
    async (name) => {
      vi.stubEnv('PORT', String(await freePort()))
      vi.stubEnv('HARBOR_DATA', join(folder, 'harbor'))
      vi.stubEnv('REDIS_URL', withRedis.includes(name) ? redis.url() : '')
      const { code, stdout, stderr } = await run(folder, 'run', `${plans}${name}.plan.ts`, '--duration', '8s')
      // A machine that is busy otherwise makes limits missed and runs invalid, and changes nothing of what is counted.
      expect([0, 1, 3], `${stdout}\n${stderr}`).toContain(code)
      const { thresholds, deliveries, shapes, faults } = readJson(join(runFolder(folder), 'result.json'))
      const unseen = (thresholds as Judged[]).filter(({ verdict }) => verdict === 'no data')
      expect(unseen.map(({ subject }) => subject).filter((one) => !seldom[name]?.includes(one))).toEqual([])
      expect(samplesAfter(join(runFolder(folder), 'events.ndjson'))).toEqual([])
      expect(faults).toEqual([])
      for (const { shape, scheduled, started, dropped } of shapes as Shape[]) {
        expect(started + dropped, shape).toBe(scheduled)
        expect(started, shape).toBeGreaterThan(0)
      }
      for (const { event, expected, received, lost } of deliveries as Delivery[]) {
        expect(received + lost, event).toBe(expected)
        expect(lost, event).toBe(0)
        expect(received, event).toBeGreaterThan(0)
      }
    },
  )
})

/** Samples of probes whose time is not the run's: a second or more after its end. */
function samplesAfter(file: string): unknown[] {
  const events = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string; at: number })
  const end = events.find(({ type }) => type === 'run.ended')?.at ?? 0
  return events.filter(({ type, at }) => type === 'probe' && at > end + 1000)
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
