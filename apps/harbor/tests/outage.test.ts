import { setTimeout as delay } from 'node:timers/promises'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../src/embedded-postgres/embedded-postgres.ts'
import { type Instance, startInstance } from './support/instance.ts'
import { temporaryFolder } from './support/postgres.ts'
import { processesOf } from './support/process-tree.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let postgres: EmbeddedPostgres
let harbor: Instance
let token: string

beforeEach(async () => {
  folder = await temporaryFolder()
  postgres = await startEmbeddedPostgres(folder.folder, pino({ level: 'silent' }))
  harbor = await startInstance(postgres.url)
  token = await harbor.enroll('device')
})

afterEach(async () => {
  await harbor?.close()
  await postgres?.stop()
  await folder[Symbol.asyncDispose]()
})

async function until(what: () => Promise<boolean>) {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; await delay(20)) if (await what()) return
  throw new Error('it did not happen within 30 s')
}

it('loses no acknowledged lock when Postgres is killed, and serves again when it is back', async () => {
  const acknowledged: string[] = []
  const refused = { unavailable: 0, other: [] as number[] }
  let stop = false
  const writers = Array.from({ length: 20 }, async (_, writer) => {
    for (let index = 0; !stop; index += 1) {
      const capture = `w${writer}-${index}`
      const answer = await harbor.lock(token, capture)
      if (answer.status === 200) acknowledged.push(capture)
      else if (answer.status === 503) {
        refused.unavailable += 1
        expect(answer.headers.get('retry-after')).toMatch(/^\d+$/)
        expect(answer.body).toMatchObject({ error: { code: 'unavailable' } })
        await delay(20)
      } else refused.other.push(answer.status)
    }
  })
  await until(async () => acknowledged.length > 200)
  const before = acknowledged.length
  process.kill(postgres.pid(), 'SIGKILL')
  await until(async () => refused.unavailable > 0)
  expect((await harbor.send('GET', '/health')).status).toBe(200)
  await until(async () => (await harbor.send('GET', '/health/ready')).status === 200)
  await until(async () => acknowledged.length > before + 200)
  stop = true
  await Promise.all(writers)

  expect(refused.other).toEqual([])
  const entries = await harbor.walk(token)
  expect(entries.map(({ sequence }) => sequence)).toEqual(entries.map((_, index) => index + 1))
  const kept = new Set(entries.map(({ capture_id }) => capture_id))
  expect(acknowledged.filter((capture) => !kept.has(capture))).toEqual([])
  expect((await harbor.verify()).body.valid).toBe(true)
})

it('answers 503 while Postgres hangs, to those who wait and to those who come, and recovers with it', async () => {
  const impatient = await startInstance(postgres.url, { connectTimeout: 300, statementTimeout: 300 })
  await impatient.lock(token, 'before')
  const processes = await processesOf(postgres.pid())
  for (const pid of processes) process.kill(pid, 'SIGSTOP')
  try {
    const locks = Promise.all(Array.from({ length: 5 }, (_, index) => impatient.lock(token, `during-${index}`)))
    const reads = Promise.all(Array.from({ length: 8 }, () => impatient.entries(token)))
    for (const { status, headers } of [...(await locks), ...(await reads)]) {
      expect(status).toBe(503)
      expect(headers.get('retry-after')).toBe('1')
    }
    expect((await impatient.send('GET', '/health/ready')).status).toBe(503)
    expect((await impatient.send('GET', '/health')).status).toBe(200)
  } finally {
    for (const pid of processes) process.kill(pid, 'SIGCONT')
  }
  await until(async () => (await impatient.lock(token, 'after')).status === 200)
  expect((await impatient.verify()).body.valid).toBe(true)
  await impatient.close()
})
