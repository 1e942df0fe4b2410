import { mkdtempSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { readJson, run, runFolder } from '../support/plimsoll.ts'
import type { RelayRecord, RoomRecord } from './relay/record.ts'
import { RelayProcess } from './relay-process.ts'

interface Size {
  readonly members: number
  readonly senders: number
  /** Of each sender, to the lobby. */
  readonly messages: number
  /** A second, of all senders. */
  readonly rate: number
}

const small: Size = { members: 60, senders: 4, messages: 25, rate: 30 }
/** 1,000 messages to a lobby of 1,000, and 252 to a den that a fifth of them come to. */
const full: Size = { members: 1000, senders: 4, messages: 250, rate: 15 }
/**
 * `GROUND_TRUTH=full npx vitest run --project integration tests/deliveries`: compares latencies too, so that the machine
 * must have time; a busy one gives it under `chrt -r 10`.
 */
const isFull = process.env['GROUND_TRUTH'] === 'full'

/** Who speaks what, how the plan keeps its account, and the script's seed. */
const cases = [
  ['socketio', 'declaration', 1],
  ['socketio', 'verbs', 2],
  ['websocket', 'declaration', 3],
  ['websocket', 'verbs', 4],
] as const
const counts = ['published', 'expected', 'received', 'late', 'lost', 'duplicated', 'out_of_order'] as const
const quantiles = ['p50', 'p90', 'p95', 'p99'] as const

let relay: RelayProcess | undefined

afterEach(async () => {
  vi.unstubAllEnvs()
  await relay?.stop()
  relay = undefined
})

async function compare(protocol: string, account: string, seed: number, { members, senders, messages, rate }: Size) {
  relay = await RelayProcess.start({ seed, members, messages: senders * (messages + Math.ceil(messages / 4)) })
  const settings = { MEMBERS: members, SENDERS: senders, MESSAGES: messages, RATE: rate, ACCOUNT: account, SEED: seed }
  for (const [name, value] of Object.entries({ ...settings, RELAY_URL: relay.url })) vi.stubEnv(name, String(value))
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-test-'))
  const plan = join(import.meta.dirname, `relay-${protocol}.plan.ts`)
  const { code, stdout, stderr } = await run(folder, 'run', plan, '--workers', '2')
  // On a busy machine a run may be invalid: its counts are right all the same.
  expect([0, 3], `${stdout}${stderr}`).toContain(code)
  return { truth: await relay.record(), result: readJson(join(runFolder(folder), 'result.json')) }
}

type Compared = Awaited<ReturnType<typeof compare>>

/** Every count of every room, and nothing that is left unsaid. */
function expectEqual({ truth, result }: Compared): void {
  expect(result.errors).toEqual([])
  expect(result.faults).toEqual([])
  const [message] = result.deliveries
  expect(message).toMatchObject({ foreign: 0, uncertain: 0, unexpected: 0, settled_early: 0 })
  expect(pick(message)).toEqual(sumOf(truth))
  const byRoom = (rooms: readonly RoomRecord[]) =>
    Object.fromEntries(rooms.map((room) => [room.room, pick(room)]).toSorted())
  expect(byRoom(message.rooms)).toEqual(byRoom(truth.rooms))
}

type Sums = Record<(typeof counts)[number], number>

const pick = (row: Sums): Sums => Object.fromEntries(counts.map((count) => [count, row[count]])) as Sums

const sumOf = ({ rooms }: RelayRecord): Sums =>
  Object.fromEntries(counts.map((count) => [count, rooms.reduce((sum, room) => sum + room[count], 0)])) as Sums

/** The script did what it is for, and nothing else went wrong. */
function expectTrouble({ truth }: Compared): void {
  for (const count of counts) expect(sumOf(truth)[count]).toBeGreaterThan(0)
  expect(truth.returns).toBeGreaterThan(0)
  expect(truth.leaves).toBeGreaterThan(0)
  expect(sumOf(truth).lost).toBe(truth.scripted.lost)
}

/** Milliseconds from the relay's writing to the read from the receiver's socket, at each quantile. */
function latencyErrors({ truth, result }: Compared): Record<(typeof quantiles)[number], number> {
  const isLatency = ({ name, endpoint }: { name: string; endpoint?: string }) =>
    name === 'delivery.latency' && endpoint === 'message'
  const told = result.metrics.find(isLatency)
  return Object.fromEntries(quantiles.map((one) => [one, told[one] - truth.latency[one]])) as never
}

describe('the ledger says what the relay did', () => {
  if (isFull) {
    it.each(cases)(
      'to 1,000 receivers, and how long it took: %s, %s, script %d',
      async (protocol, account, seed) => {
        const compared = await compare(protocol, account, seed, full)
        const errors = latencyErrors(compared)
        console.log(protocol, account, sumOf(compared.truth), compared.truth.latency, errors, `load ${loadavg()}`)
        expectEqual(compared)
        expectTrouble(compared)
        for (const one of quantiles) expect(Math.abs(errors[one]), one).toBeLessThanOrEqual(1)
      },
      600_000,
    )
  } else {
    it.each(cases)('over %s, by %s, script %d', async (protocol, account, seed) => {
      const compared = await compare(protocol, account, seed, small)
      expectEqual(compared)
      expectTrouble(compared)
    })
  }
})
