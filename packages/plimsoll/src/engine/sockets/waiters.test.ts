import { expect, test, vi } from 'vitest'
import { FakeClock } from '../../base/fake-clock.ts'
import { millis } from '../../base/units.ts'
import { Recorder } from '../../measure/recorder.ts'
import { TransportError } from '../../protocols/http/exchange.ts'
import { UserStopped } from '../vu/stopped.ts'
import { Timeline } from '../worker/timeline.ts'
import { type Wait, Waiters } from './waiters.ts'

function setUp() {
  const clock = new FakeClock()
  const recorder = new Recorder()
  const waiters = new Waiters<number>({ clock, recorder, timeline: new Timeline(clock, { precise: false }) } as never)
  const wait = (changes: Partial<Wait<number>> = {}): Promise<number> =>
    waiters.wait({
      wants: (message) => message === 2,
      timeout: millis(100),
      since: clock.now(),
      series: recorder.series('push.wait_time', 'endpoint', 'two'),
      name: 'wait two',
      onTimeout: 'TIMEOUT_MESSAGE',
      ...changes,
    })
  return { clock, recorder, waiters, wait }
}

test('a wait ends with the first message it wants, and its time is recorded', async () => {
  const { recorder, waiters, wait } = setUp()
  const onMessage = vi.fn()
  const waiting = wait({ onMessage })
  waiters.offer(1, millis(3))
  waiters.offer(2, millis(5))
  expect(onMessage).toHaveBeenCalledExactlyOnceWith(2, 5)
  await expect(waiting).resolves.toBe(2)
  expect(waiters.size).toBe(0)
  expect(recorder.swap().series).toMatchObject([{ name: 'two', count: 1, failed: 0, max: 5000 }])
})

test('a wait that nothing ends fails after its timeout, with its code counted', async () => {
  const { clock, recorder, wait } = setUp()
  const onFailure = vi.fn()
  const waiting = expect(wait({ onFailure })).rejects.toMatchObject({ code: 'TIMEOUT_MESSAGE' })
  await clock.advance(millis(200))
  await waiting
  expect(onFailure).toHaveBeenCalledOnce()
  const { series, errors } = recorder.swap()
  expect(series).toMatchObject([{ count: 1, failed: 1, censored: 1 }])
  expect(errors).toEqual([{ code: 'TIMEOUT_MESSAGE', name: 'wait two', count: 1 }])
})

test('a closed socket fails all who wait; the end of the run is nobody’s failure', async () => {
  const { recorder, waiters, wait } = setUp()
  const closed = expect(wait()).rejects.toMatchObject({ code: 'SOCKET_CLOSED' })
  waiters.fail(new TransportError('SOCKET_CLOSED', 'closed'))
  await closed
  const stopped = expect(wait()).rejects.toBeInstanceOf(UserStopped)
  waiters.fail(new UserStopped())
  await stopped
  const { series, errors } = recorder.swap()
  expect(series).toMatchObject([{ count: 2, failed: 1, censored: 2 }])
  expect(errors).toHaveLength(1)
})

test('a predicate that throws fails its own wait only', async () => {
  const { waiters, wait } = setUp()
  const broken = expect(
    wait({
      wants: () => {
        throw new RangeError('no such field')
      },
    }),
  ).rejects.toThrow('no such field')
  const good = wait()
  waiters.offer(2, millis(1))
  await broken
  await expect(good).resolves.toBe(2)
})
