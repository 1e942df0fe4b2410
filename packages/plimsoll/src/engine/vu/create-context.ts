import type { Clock } from '../../base/clock.ts'
import { millis } from '../../base/units.ts'
import type { Recorder } from '../../measure/recorder.ts'
import type { CompiledPlan, CompiledProfile } from '../../plan/compiled.ts'
import { FeederCursor, feederCounter, findFeeder } from '../../plan/feeder-cursor.ts'
import { ClientShared } from '../../protocols/http/client.ts'
import { allowHost } from '../allow-host.ts'
import { createPulse } from '../pulse.ts'
import type { LoadSettings, WorkerSettings } from '../wire.ts'
import type { FaultBook } from '../worker/fault-book.ts'
import type { Timeline } from '../worker/timeline.ts'
import type { VuContext } from './context.ts'
import { Endpoints } from './endpoints.ts'
import { ExemplarBox } from './exemplar-box.ts'
import { commonTags, prepareJourneys } from './prepared-journey.ts'
import { Redactor } from './redact.ts'

export interface ContextParts {
  readonly plan: CompiledPlan
  readonly profile: CompiledProfile
  readonly settings: WorkerSettings
  readonly load: LoadSettings
  readonly clock: Clock
  readonly recorder: Recorder
  readonly timeline: Timeline
  readonly faults: FaultBook
}

export function createVuContext(parts: ContextParts): VuContext {
  const { plan, profile, settings, load, recorder } = parts
  return {
    ...parts,
    journeys: prepareJourneys(plan, profile, recorder),
    tags: commonTags(plan, profile),
    baseUrl: load.url,
    lateness: recorder.series('generator.lateness', 'all', ''),
    endpoints: new Endpoints(recorder),
    exemplars: new ExemplarBox(),
    redact: new Redactor(plan.secrets),
    http: new ClientShared({ allowHost: allowHost(load.allow) }),
    pulse: createPulse(settings.pulse),
    traffic: { sent: 0, received: 0 },
    openFeeder: (id, random) => {
      const shared = load.feeders[id]
      return new FeederCursor(findFeeder(id), shared === undefined ? feederCounter() : new Int32Array(shared), random)
    },
    startedAt: millis(0),
    data: undefined,
    stopping: false,
  }
}
