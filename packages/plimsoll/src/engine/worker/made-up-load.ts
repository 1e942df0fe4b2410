import type { Clock } from '../../base/clock.ts'
import { type Millis, millis } from '../../base/units.ts'
import { Recorder } from '../../measure/recorder.ts'
import { compile } from '../../plan/compile/compile.ts'
import { journey } from '../../plan/journey.ts'
import type { ArrivalsLoad } from '../../plan/load/arrivals.ts'
import { plan } from '../../plan/plan.ts'
import type { ExchangeObserver } from '../../protocols/http/types.ts'
import { createExecutor } from '../executors/create.ts'
import { Crew } from '../executors/crew.ts'
import { createPulse } from '../pulse.ts'
import { createVuContext } from '../vu/create-context.ts'
import type { HttpResult } from '../vu/http-result.ts'
import { createObserver } from '../vu/observe.ts'
import { VirtualUser } from '../vu/virtual-user.ts'
import { FaultBook } from './fault-book.ts'
import { Timeline } from './timeline.ts'

export interface MadeUpLoad {
  readonly clock: Clock
  /** This worker's number, and among how many the load is shared. */
  readonly worker: number
  readonly workers: number
  readonly url: string
  readonly load: ArrivalsLoad
  readonly start: Millis
  /** How often a frame is made, and thrown away. */
  readonly frames: Millis
  /** However slow the machine, and however silent the server: no longer than this. */
  readonly limit: Millis
  /** Told of every exchange, beside the measuring itself. */
  readonly finished?: ExchangeObserver<HttpResult>['finished']
}

/** Arrivals of one GET each, through all the code of a real load; nothing of the plan runs, nothing is kept. */
export async function makeUpLoad(options: MadeUpLoad): Promise<void> {
  const { clock, worker, workers, url, load, start, limit, finished } = options
  const visit = journey('made up', async (user) => {
    const answer = await user.http.get('/')
    user.check(answer, { 'is there': ({ status }) => status === 200 })
  })
  const { plan: compiled, profile } = compile(
    plan({ name: 'made up', system: { url }, journeys: [visit], profiles: { once: { load } } }),
  )
  const recorder = new Recorder()
  const context = createVuContext({
    plan: compiled,
    profile,
    settings: { worker, workers, run: 'made up', pulse: createPulse().buffer },
    load: {
      bundle: '',
      profile: profile.name,
      scale: 1,
      duration: undefined,
      url: compiled.system.url,
      seed: 1,
      allow: [],
      feeders: {},
      iterations: {},
    },
    clock,
    recorder,
    timeline: new Timeline(clock, { precise: false }),
    faults: new FaultBook(),
  })
  const recording = createObserver(context)
  const observer: ExchangeObserver<HttpResult> =
    finished === undefined
      ? recording
      : {
          finished(exchange, answer, result) {
            recording.finished(exchange, answer, result)
            finished(exchange, answer, result)
          },
        }
  const precise = new Timeline(clock, { precise: true })
  let users = 0
  const executors = profile.shapes.map((shape) => {
    const makeUser = (identity: ConstructorParameters<typeof VirtualUser>[1]) =>
      new VirtualUser(context, identity, observer, undefined)
    return createExecutor(shape, new Crew(shape, context, makeUser, () => ++users), precise)
  })
  for (const executor of executors) executor.start(start)
  const frames = setInterval(() => recorder.swap(), options.frames)
  const tooLong = new Promise<void>((resolve) => {
    clock.after(millis(start - clock.now() + limit), resolve)
  })
  await Promise.race([Promise.all(executors.map(({ done }) => done)), tooLong])
  clearInterval(frames)
  for (const executor of executors) executor.stop(clock.now())
  recorder.swap()
  context.http.close()
}
