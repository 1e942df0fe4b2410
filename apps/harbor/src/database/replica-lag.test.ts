import { expect, it } from 'vitest'
import { ReplicaLag } from './replica-lag.ts'

/** What is seen at each second: where the primary is, and the replica, or nothing of it. */
function lagsOf(...seen: readonly (readonly [primary: number, replica?: number])[]): readonly number[] {
  const lag = new ReplicaLag()
  return seen.map(([primary, replica], second) => {
    lag.primaryIsAt(primary, second * 1000)
    if (replica !== undefined) lag.replicaIsAt(replica)
    return lag.milliseconds
  })
}

it.each([
  [
    'none when it has all',
    [
      [10, 10],
      [20, 25],
    ],
    [0, 0],
  ],
  [
    'none while nobody writes',
    [
      [10, 10],
      [10, 10],
      [10, 10],
    ],
    [0, 0, 0],
  ],
  [
    'the time since what it has was written',
    [
      [10, 10],
      [20, 10],
      [30, 10],
      [40, 25],
    ],
    [0, 1000, 2000, 2000],
  ],
  [
    'none when it has caught up',
    [
      [10, 10],
      [20, 10],
      [30, 30],
    ],
    [0, 1000, 0],
  ],
  ['growing while it does not answer', [[10, 10], [20], [30]], [0, 1000, 2000]],
  ['unknown before it has anything of what was seen', [[10], [20, 5], [30, 12]], [Infinity, Infinity, 2000]],
  [
    'that of the new primary, which begins earlier',
    [
      [10, 10],
      [90, 50],
      [60, 50],
      [61, 60],
    ],
    [0, 1000, 2000, 1000],
  ],
] as const)('is %s', (_, seen, lags) => {
  expect(lagsOf(...seen)).toEqual(lags)
})

it('keeps an hour at the most, and is right about more', () => {
  const lag = new ReplicaLag()
  lag.primaryIsAt(0, 0)
  lag.replicaIsAt(0)
  for (let second = 1; second <= 4000; second += 1) lag.primaryIsAt(second, second * 1000)
  lag.replicaIsAt(10)
  expect(lag.milliseconds).toBe(4_000_000)
  lag.replicaIsAt(3990)
  expect(lag.milliseconds).toBe(10_000)
})
