import { type Millis, millis } from '../../base/units.ts'
import type { Recorder } from '../../measure/recorder.ts'
import type { CompiledPlan } from '../../plan/compiled.ts'
import { ClientShared } from '../../protocols/http/client.ts'
import { allowHost } from '../allow-host.ts'
import type { Pulse } from '../pulse.ts'
import type { LoadSettings } from '../wire.ts'
import { Endpoints } from './endpoints.ts'
import { ExemplarBox } from './exemplar-box.ts'
import { Redactor } from './redact.ts'

/** What the HTTP clients of users have in common. */
export interface HttpContext {
  readonly plan: CompiledPlan
  /** Origin that relative URLs are resolved against. */
  readonly baseUrl: string
  readonly recorder: Recorder
  readonly endpoints: Endpoints
  readonly exemplars: ExemplarBox
  readonly redact: Redactor
  readonly http: ClientShared
  readonly traffic: { sent: number; received: number }
  readonly pulse: Pulse
  /** Instant of the run's start on the shared clock. */
  startedAt: Millis
}

export function createHttpContext(
  plan: CompiledPlan,
  load: LoadSettings,
  recorder: Recorder,
  pulse: Pulse,
): HttpContext {
  return {
    plan,
    baseUrl: load.url,
    recorder,
    endpoints: new Endpoints(recorder),
    exemplars: new ExemplarBox(),
    redact: new Redactor(plan.secrets),
    http: new ClientShared({ allowHost: allowHost(load.allow) }),
    traffic: { sent: 0, received: 0 },
    pulse,
    startedAt: millis(0),
  }
}
