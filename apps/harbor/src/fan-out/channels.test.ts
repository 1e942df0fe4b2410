import { pino } from 'pino'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { openRedis } from '../redis/redis.ts'
import { Channels } from './channels.ts'
import type { Entry } from './sequencer.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const logger = pino({ level: 'silent' })
const observer = { command: () => undefined, failure: () => undefined }
const receiver = () => ({ batch: false, userId: 'u', write: () => undefined })

it('is ready for half a minute after the last one left, and then let go with all that it kept', async () => {
  const heads = vi.fn(async (ids: readonly string[]) => new Map(ids.map((id) => [id, 0])))
  const head = vi.fn(async () => 0)
  const redis = openRedis(undefined, { log: logger, observer })
  const log = { head, heads, read: async (): Promise<readonly Entry[]> => [] }
  const channels = new Channels({ name: 'document', event: 'doc:op', log, redis, logger })
  const [one, other] = [receiver(), receiver()]
  await channels.join('x', one, 0, () => undefined)
  await channels.join('x', other, 0, () => undefined)
  channels.leave('x', one)
  await vi.advanceTimersByTimeAsync(60_000)
  channels.leave('x', other)

  const asked = heads.mock.calls.length
  expect(asked).toBeGreaterThan(0)
  await vi.advanceTimersByTimeAsync(29_000)
  expect(heads.mock.calls.length).toBeGreaterThan(asked)
  await vi.advanceTimersByTimeAsync(2_000)
  heads.mockClear()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(heads).not.toHaveBeenCalled()
  expect(head).toHaveBeenCalledTimes(1)
  await channels.join('x', one, 0, () => undefined)
  expect(head).toHaveBeenCalledTimes(2)
  channels.close()
})
