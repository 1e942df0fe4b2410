import { expect, test } from 'vitest'
import { FakeClock } from '../../base/fake-clock.ts'
import { millis } from '../../base/units.ts'
import { ReceiveWait } from './receive-wait.ts'

function setUp() {
  const clock = new FakeClock()
  const waits: number[] = []
  const idle = { total: 1 }
  const series = { record: (value: number) => waits.push(value) } as never
  return { clock, waits, idle, wait: new ReceiveWait(clock, series, () => idle.total) }
}

test('who is read first after an idle poll has not waited; who is read later has waited for those before', () => {
  const { wait, waits } = setUp()
  wait.read(millis(10))
  wait.read(millis(10.2))
  wait.read(millis(11))
  expect(waits).toEqual([0, 200, 1000])
})

test('several messages of one read count once', () => {
  const { wait, waits } = setUp()
  wait.read(millis(10))
  wait.read(millis(10))
  expect(waits).toEqual([0])
})

test('what came while the loop was busy may have waited since the turn before began', async () => {
  const { clock, wait, waits, idle } = setUp()
  wait.read(millis(10))
  await clock.advance(millis(1))
  // The poll came back at once: the loop had no idle moment.
  wait.read(millis(14))
  expect(waits).toEqual([0, 4000])
  await clock.advance(millis(1))
  idle.total += 5
  wait.read(millis(30))
  expect(waits).toEqual([0, 4000, 0])
})
