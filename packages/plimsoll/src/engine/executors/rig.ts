import { FakeClock } from '../../base/fake-clock.ts'
import { type Millis, millis } from '../../base/units.ts'
import { Recorder } from '../../measure/recorder.ts'
import { compile } from '../../plan/compile/compile.ts'
import type { PlanOptions } from '../../plan/options.ts'
import { plan as definePlan } from '../../plan/plan.ts'
import type { ShapeInterval } from '../../record/events.ts'
import { createPulse } from '../pulse.ts'
import type { VuContext } from '../vu/context.ts'
import { createVuContext } from '../vu/create-context.ts'
import { createObserver } from '../vu/observe.ts'
import { VirtualUser } from '../vu/virtual-user.ts'
import { FaultBook } from '../worker/fault-book.ts'
import { Timeline } from '../worker/timeline.ts'
import { createExecutor } from './create.ts'
import { Crew } from './crew.ts'
import type { Executor } from './executor.ts'

/** One worker's executors on fake time, for tests. */
export interface Rig {
  readonly clock: FakeClock
  readonly context: VuContext
  readonly executors: readonly Executor[]
  /** Lets time pass, looking after the executors as a worker does. */
  run(by: Millis): Promise<void>
  /** What a shape has done since the last call. */
  sample(index?: number): ShapeInterval
}

type Options = Pick<PlanOptions, 'journeys' | 'begin' | 'end'> & {
  readonly load: PlanOptions['profiles'][string]['load']
}

export function createRig(options: Options, { worker = 0, workers = 1 } = {}): Rig {
  const { load, ...rest } = options
  const definition = definePlan({
    name: 'rig',
    system: { url: 'http://127.0.0.1:1' },
    profiles: { only: { load } },
    ...rest,
  })
  const { plan, profile } = compile(definition, { profile: 'only' })
  const clock = new FakeClock()
  const timeline = new Timeline(clock, { precise: false })
  const precise = new Timeline(clock, { precise: true })
  const context = createVuContext({
    plan,
    profile,
    settings: { worker, workers, run: 'rig', pulse: createPulse().buffer },
    load: {
      bundle: '',
      profile: 'only',
      scale: 1,
      duration: undefined,
      url: plan.system.url,
      seed: 1,
      allow: [],
      feeders: {},
      iterations: Object.fromEntries(
        profile.shapes.flatMap((shape) =>
          shape.model === 'iterations' && shape.per === 'shared' ? [[shape.name, new SharedArrayBuffer(4)]] : [],
        ),
      ),
    },
    clock,
    recorder: new Recorder(),
    timeline,
    faults: new FaultBook(),
  })
  const observer = createObserver(context)
  let ids = 0
  const executors = profile.shapes.map((shape) => {
    const crew = new Crew(
      shape,
      context,
      (identity) => new VirtualUser(context, identity, observer, undefined),
      () => ++ids,
    )
    return createExecutor(shape, crew, precise)
  })
  return {
    clock,
    context,
    executors,
    async run(by) {
      const end = clock.now() + by
      while (clock.now() < end) {
        await clock.run(millis(Math.min(100, end - clock.now())))
        for (const executor of executors) executor.tend(clock.now())
      }
      await clock.run(millis(0))
    },
    sample(index = 0) {
      const executor = executors[index]
      if (executor === undefined) throw new RangeError(`there is no shape ${index}`)
      return executor.sample()
    },
  }
}
