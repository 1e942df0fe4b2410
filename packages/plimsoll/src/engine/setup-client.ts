import { systemClock } from '../base/clock.ts'
import { Recorder } from '../measure/recorder.ts'
import type { CompiledPlan, CompiledProfile } from '../plan/compiled.ts'
import type { Http } from '../plan/user.ts'
import { createPulse } from './pulse.ts'
import { createVuContext } from './vu/create-context.ts'
import { createObserver } from './vu/observe.ts'
import { VirtualUser } from './vu/virtual-user.ts'
import type { LoadSettings } from './wire.ts'
import { FaultBook } from './worker/fault-book.ts'
import { Timeline } from './worker/timeline.ts'

export interface SetupClient {
  readonly http: Http
  close(): void
}

/** The HTTP client that `setup` and `teardown` get: a user's own, whose samples nobody reads. */
export function createSetupClient(plan: CompiledPlan, profile: CompiledProfile, load: LoadSettings): SetupClient {
  const context = createVuContext({
    plan,
    profile,
    load,
    settings: { worker: 0, workers: 1, run: 'setup', pulse: createPulse().buffer },
    clock: systemClock,
    recorder: new Recorder(),
    timeline: new Timeline(systemClock, { precise: false }),
    faults: new FaultBook(),
  })
  const identity = { id: 0, index: 0, shape: 'setup' }
  const user = new VirtualUser(context, identity, createObserver(context), undefined)
  return {
    http: user.http,
    close: () => {
      user.http.close()
      context.http.close()
    },
  }
}
