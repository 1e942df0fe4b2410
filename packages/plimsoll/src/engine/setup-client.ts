import { millis } from '../base/units.ts'
import { Recorder } from '../measure/recorder.ts'
import type { CompiledPlan } from '../plan/compiled.ts'
import type { Http } from '../plan/user.ts'
import { createPulse } from './pulse.ts'
import { createHttpContext } from './vu/http-context.ts'
import { createObserver } from './vu/observe.ts'
import { UserHttp } from './vu/user-http.ts'
import type { LoadSettings } from './wire.ts'

export interface SetupClient {
  readonly http: Http
  close(): void
}

/** The HTTP client that `setup` and `teardown` get: a user's own, whose samples nobody reads. */
export function createSetupClient(plan: CompiledPlan, load: LoadSettings): SetupClient {
  const context = createHttpContext(plan, load, new Recorder(), createPulse())
  const nobody = {
    context,
    id: 0,
    journeyName: 'setup',
    journeyIndex: -1,
    tags: undefined,
    stopped: false,
    waited: false,
    takeDue: () => millis(0),
  }
  const http = new UserHttp(nobody, createObserver(context), undefined)
  return {
    http,
    close: () => {
      http.close()
      context.http.close()
    },
  }
}
