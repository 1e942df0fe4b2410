import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import type { Clock } from '../../base/clock.ts'
import { seconds } from '../../base/units.ts'
import { Recorder } from '../../measure/recorder.ts'
import { compile } from '../../plan/compile/compile.ts'
import { journey } from '../../plan/journey.ts'
import { arrivals } from '../../plan/load/arrivals.ts'
import { plan } from '../../plan/plan.ts'
import { createExecutor } from '../executors/create.ts'
import { Crew } from '../executors/crew.ts'
import { createPulse } from '../pulse.ts'
import { createVuContext } from '../vu/create-context.ts'
import { createObserver } from '../vu/observe.ts'
import { VirtualUser } from '../vu/virtual-user.ts'
import { FaultBook } from './fault-book.ts'
import { Timeline } from './timeline.ts'

const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{"ok":true}'

/**
 * A fifth of a second of made-up load on a server of our own, so that the code of arrivals, HTTP and measuring is
 * compiled before the first real arrival. Without it the first hundred starts come up to 14 ms late, which is all that
 * the 99.9th percentile of a short run would tell. Nothing of the plan runs, nothing is kept.
 */
export async function rehearseArrivals(clock: Clock): Promise<void> {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('data', () => socket.write(ANSWER))
    socket.on('error', () => socket.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const visit = journey('rehearsal', async (user) => {
    const answer = await user.http.get('/')
    user.check(answer, { 'is there': ({ status }) => status === 200 })
  })
  const { plan: compiled, profile } = compile(
    plan({
      name: 'rehearsal',
      system: { url: `http://127.0.0.1:${port}` },
      journeys: [visit],
      profiles: { once: { load: arrivals(4000).for('200ms').even() } },
    }),
  )
  const context = createVuContext({
    plan: compiled,
    profile,
    settings: { worker: 0, workers: 1, run: 'rehearsal', pulse: createPulse().buffer },
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
    recorder: new Recorder(),
    timeline: new Timeline(clock, { precise: false }),
    faults: new FaultBook(),
  })
  const observer = createObserver(context)
  const precise = new Timeline(clock, { precise: true })
  let users = 0
  const executors = profile.shapes.map((shape) => {
    const makeUser = (identity: ConstructorParameters<typeof VirtualUser>[1]) =>
      new VirtualUser(context, identity, observer, undefined)
    return createExecutor(shape, new Crew(shape, context, makeUser, () => ++users), precise)
  })
  for (const executor of executors) executor.start(clock.now())
  // Frames too, which else are first made in the middle of the load.
  const frames = setInterval(() => context.recorder.swap(), 4)
  await Promise.race([Promise.all(executors.map(({ done }) => done)), after(clock)])
  clearInterval(frames)
  for (const executor of executors) executor.stop(clock.now())
  context.recorder.swap()
  context.http.close()
  server.close()
}

/** However slow the machine, a rehearsal is no reason to wait. */
const after = (clock: Clock): Promise<void> =>
  new Promise((resolve) => {
    clock.after(seconds(1), resolve)
  })
