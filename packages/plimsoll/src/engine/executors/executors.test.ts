import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { millis, seconds } from '../../base/units.ts'
import { journey } from '../../plan/journey.ts'
import { arrivals } from '../../plan/load/arrivals.ts'
import { users } from '../../plan/load/users.ts'
import type { ShapeInterval } from '../../record/events.ts'
import { createRig } from './rig.ts'

const sleeper = (time: `${number}ms` | `${number}s`) => journey('sleep', async (user) => user.sleep(time))

const sumOf = (
  samples: readonly ShapeInterval[],
  figure: 'scheduled' | 'started' | 'dropped' | 'completed' | 'failed' | 'aborted',
) => samples.reduce((sum, sample) => sum + sample[figure], 0)

/** scheduled = started + dropped; started = completed + failed + aborted + in flight. */
function expectConserved(samples: readonly ShapeInterval[]): void {
  expect(sumOf(samples, 'scheduled')).toBe(sumOf(samples, 'started') + sumOf(samples, 'dropped'))
  const ended = sumOf(samples, 'completed') + sumOf(samples, 'failed') + sumOf(samples, 'aborted')
  expect(sumOf(samples, 'started')).toBe(ended + (samples.at(-1)?.inFlight ?? 0))
}

describe('users', () => {
  it('keeps its number of users at work and lets them finish', async () => {
    const rig = createRig({ journeys: [sleeper('300ms')], load: users(5).for('10s') })
    rig.executors[0]?.start(rig.clock.now())
    await rig.run(seconds(5))
    const middle = rig.sample()
    expect(middle).toMatchObject({ users: 5, inFlight: 5, target: 5 })
    await rig.run(seconds(6))
    const end = rig.sample()
    expect(end).toMatchObject({ users: 0, inFlight: 0, aborted: 0 })
    expectConserved([middle, end])
    await expect(rig.executors[0]?.done).resolves.toBeUndefined()
  })

  it('follows a ramp up and down within a step', async () => {
    const rig = createRig({ journeys: [sleeper('10ms')], load: users.ramp('10s', 100).hold('5s').ramp('10s', 0) })
    rig.executors[0]?.start(rig.clock.now())
    for (let second = 1; second <= 24; second++) {
      await rig.run(seconds(1))
      const wanted = second <= 10 ? second * 10 : second <= 15 ? 100 : (25 - second) * 10
      expect(Math.abs(rig.sample().users - wanted), `after ${second} s`).toBeLessThanOrEqual(2)
    }
  })

  it('cuts an iteration that outlives the graceful stop, and counts it as aborted', async () => {
    const stuck = journey('never ends', () => new Promise<void>(() => {}))
    const rig = createRig({ journeys: [stuck], load: users(2).for('1s').gracefulStop('2s') })
    rig.executors[0]?.start(rig.clock.now())
    await rig.run(seconds(4))
    const sample = rig.sample()
    expect(sample).toMatchObject({ started: 2, aborted: 2, inFlight: 0, users: 0 })
    expectConserved([sample])
    const [cut] = rig.context.recorder.swap().series
    expect(cut).toMatchObject({ metric: 'journey.duration', count: 2, failed: 0, censored: 2 })
    expect(cut?.min).toBeGreaterThan(2_900_000)
  })

  it('knows a step that was cut off to have taken at least so long', async () => {
    let release = () => {}
    const body = () => new Promise<void>((resolve) => (release = resolve))
    const waits = journey('waits', (user) => user.step('for an answer', body))
    const rig = createRig({ journeys: [waits], load: users(1).for('1s').gracefulStop('2s') })
    rig.executors[0]?.start(rig.clock.now())
    await rig.run(seconds(4))
    release()
    await rig.run(millis(0))
    const step = rig.context.recorder.swap().series.find(({ metric }) => metric === 'step.duration')
    expect(step).toMatchObject({ name: 'for an answer', count: 1, failed: 0, censored: 1 })
  })

  it('leaves a journey behind that outlives its timeout, and the user goes on', async () => {
    const hangs = journey('hangs', { timeout: '1s' }, () => new Promise<void>(() => {}))
    const rig = createRig({ journeys: [hangs], load: users(1).for('5s') })
    rig.executors[0]?.start(rig.clock.now())
    await rig.run(millis(4500))
    expect(rig.sample().aborted).toBeGreaterThanOrEqual(3)
    expect(rig.context.faults.take(rig.context.redact)).toMatchObject([{ kind: 'hung', journey: 'hangs' }])
    const [hung] = rig.context.recorder.swap().series
    expect(hung?.censored).toBe(hung?.count)
    expect(hung?.min).toBeGreaterThan(1_000_000)
  })

  it('lets the event loop turn between iterations that wait for nothing', async () => {
    const empty = journey('empty', () => {})
    const rig = createRig({ journeys: [empty], load: users(1).for('1s') })
    rig.executors[0]?.start(rig.clock.now())
    await rig.run(millis(100))
    expect(rig.sample().completed).toBeGreaterThan(10)
  })

  it('counts a journey that throws, names it once with its stack, and goes on', async () => {
    const throws = journey('throws', async (user) => {
      await user.sleep('10ms')
      throw new RangeError('no such room')
    })
    const rig = createRig({ journeys: [throws], load: users(1).for('1s') })
    rig.executors[0]?.start(rig.clock.now())
    await rig.run(millis(500))
    const { failed } = rig.sample()
    expect(failed).toBeGreaterThan(10)
    const [fault] = rig.context.faults.take(rig.context.redact)
    expect(fault).toMatchObject({ kind: 'threw', message: 'RangeError: no such room', count: failed })
    expect(fault?.stack).toContain('executors.test')
  })

  it('runs begin once before the first iteration and end once after the last', async () => {
    const calls: string[] = []
    const rig = createRig({
      journeys: [
        journey('j', async (user) =>
          user
            .sleep('100ms')
            .then(() => calls.push('run'))
            .then(() => {}),
        ),
      ],
      begin: () => void calls.push('begin'),
      end: () => void calls.push('end'),
      load: users(1).for('250ms'),
    })
    rig.executors[0]?.start(rig.clock.now())
    await rig.run(seconds(1))
    expect(calls).toEqual(['begin', 'run', 'run', 'run', 'end'])
  })

  it('wakes a user from all that it sleeps in side by side, each at its time or all at the end', async () => {
    const woken: string[] = []
    const sleeps = journey('sleeps', async (user) => {
      const times = ['3s', '1s', '2s', '60s', '50s'] as const
      await Promise.all(times.map(async (time) => user.sleep(time).then(() => woken.push(time))))
    })
    const rig = createRig({ journeys: [sleeps], load: users(1).for('5s') })
    rig.executors[0]?.start(rig.clock.now())
    await rig.run(seconds(4))
    expect(woken).toEqual(['1s', '2s', '3s'])
    await rig.run(seconds(2))
    expect(woken.slice(3).sort()).toEqual(['50s', '60s'])
    expect(rig.sample()).toMatchObject({ completed: 1, aborted: 0, users: 0 })
  })

  it('wakes sleepers when their shape ends, long before the sleep would', async () => {
    const rig = createRig({
      journeys: [sleeper('1s'), journey('idle', (user) => user.sleep('1h'))],
      load: users(20).for('2s'),
    })
    rig.executors[0]?.start(rig.clock.now())
    await rig.run(millis(2200))
    expect(rig.sample()).toMatchObject({ users: 0, aborted: 0, inFlight: 0 })
  })
})

describe('iterations', () => {
  it('does the same number for each user', async () => {
    const rig = createRig({ journeys: [sleeper('20ms')], load: users(4).iterations(6) })
    rig.executors[0]?.start(rig.clock.now())
    await rig.run(seconds(2))
    expect(rig.sample()).toMatchObject({ started: 24, completed: 24, users: 0 })
    await expect(rig.executors[0]?.done).resolves.toBeUndefined()
  })

  it('shares a number between users, exactly', async () => {
    const rig = createRig({ journeys: [sleeper('20ms')], load: users(4).iterations(10, { shared: true }) })
    rig.executors[0]?.start(rig.clock.now())
    await rig.run(seconds(2))
    expect(rig.sample()).toMatchObject({ started: 10, completed: 10, users: 0 })
  })
})

describe('arrivals', () => {
  it('starts exactly the planned number, whatever the spacing, the stages and the workers', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 0, max: 200 }),
        fc.boolean(),
        fc.integer({ min: 1, max: 3 }),
        async (rate, peak, even, workers) => {
          const shape = arrivals(rate).for('2s')
          const ramp = arrivals.ramp('3s', peak + 1)
          let scheduled = 0
          for (let worker = 0; worker < workers; worker++) {
            const load = [shape, ramp].map((one) => (even ? one.even() : one.poisson()))
            const rig = createRig({ journeys: [sleeper('1ms')], load }, { worker, workers })
            for (const executor of rig.executors) executor.start(rig.clock.now())
            await rig.run(seconds(5))
            const samples = [rig.sample(0), rig.sample(1)]
            for (const sample of samples) expectConserved([sample])
            scheduled += sumOf(samples, 'scheduled')
          }
          expect(scheduled).toBe(Math.round(rate * 2) + Math.round(((peak + 1) * 3) / 2))
        },
      ),
      { numRuns: 12 },
    )
  })

  it('starts each within microseconds of its instant', async () => {
    const rig = createRig({ journeys: [sleeper('5ms')], load: arrivals(500).for('2s') })
    rig.executors[0]?.start(rig.clock.now())
    await rig.run(seconds(2))
    const lateness = rig.context.recorder.swap().series.find(({ metric }) => metric === 'generator.lateness')
    expect(lateness?.count).toBeGreaterThan(1900)
    expect(lateness?.max).toBeLessThan(50)
  })

  it('drops arrivals beyond the cap on users, counts them, and says how long it stood there', async () => {
    const rig = createRig({ journeys: [sleeper('1s')], load: arrivals(100).for('5s').even().max(10) })
    rig.executors[0]?.start(rig.clock.now())
    await rig.run(seconds(4))
    const sample = rig.sample()
    expect(sample.inFlight).toBe(10)
    expect(sample.dropped).toBeGreaterThan(300)
    expectConserved([sample])
    expect(rig.executors[0]?.takeTimeAtCap?.()).toBeGreaterThan(3000)
  })

  it('counts what was due and not yet begun when it is stopped early', async () => {
    const rig = createRig({ journeys: [sleeper('1ms')], load: arrivals(100).for('10s').even() })
    rig.executors[0]?.start(rig.clock.now())
    await rig.run(seconds(2))
    rig.executors[0]?.stop(rig.clock.now())
    await rig.run(seconds(1))
    const sample = rig.sample()
    expect(sample.scheduled).toBeGreaterThanOrEqual(199)
    expect(sample.scheduled).toBeLessThanOrEqual(202)
    expectConserved([sample])
  })
})
