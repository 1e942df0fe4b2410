import type { Clock } from '../../base/clock.ts'
import { millis } from '../../base/units.ts'
import { createDeliveryLedger } from '../../measure/deliveries/ledger.ts'
import type { LedgerNews } from '../../measure/deliveries/types.ts'
import type { Recorder } from '../../measure/recorder.ts'
import type { CompiledPlan, CompiledProfile } from '../../plan/compiled.ts'
import { FeederCursor, feederCounter, findFeeder } from '../../plan/feeder-cursor.ts'
import { DeclaredDeliveries } from '../deliveries/declared.ts'
import { DeliveryDesk } from '../deliveries/delivery-desk.ts'
import { reportMissing } from '../deliveries/report-missing.ts'
import { createPulse } from '../pulse.ts'
import { ReceiveWait } from '../sockets/receive-wait.ts'
import { SocketBook } from '../sockets/socket-book.ts'
import type { LoadSettings, WorkerSettings } from '../wire.ts'
import type { FaultBook } from '../worker/fault-book.ts'
import type { Timeline } from '../worker/timeline.ts'
import type { VuContext } from './context.ts'
import { createHttpContext } from './http-context.ts'
import { commonTags, prepareJourneys } from './prepared-journey.ts'

export interface ContextParts {
  readonly plan: CompiledPlan
  readonly profile: CompiledProfile
  readonly settings: WorkerSettings
  readonly load: LoadSettings
  readonly clock: Clock
  readonly recorder: Recorder
  readonly timeline: Timeline
  readonly faults: FaultBook
  /** Tells the other workers what was published here; undefined where there are none. */
  readonly tellNews?: ((news: LedgerNews) => void) | undefined
  /** Ends the run: the plan does not fit what the system sends. */
  readonly giveUp?: (code: string, message: string) => void
}

export function createVuContext(parts: ContextParts): VuContext {
  const { plan, profile, settings, load, recorder, clock } = parts
  const { worker, workers } = settings
  const ledger = createDeliveryLedger({ worker, workers, recorder })
  const deliveries = new DeliveryDesk(ledger, clock, parts.tellNews)
  const declared =
    plan.deliveries.length === 0
      ? undefined
      : new DeclaredDeliveries(plan.deliveries, deliveries, reportMissing(parts.giveUp ?? (() => {})))
  return {
    ...parts,
    ...createHttpContext(plan, load, recorder, createPulse(settings.pulse)),
    journeys: prepareJourneys(plan, profile, recorder),
    tags: commonTags(plan, profile),
    lateness: recorder.series('generator.lateness', 'all', ''),
    sockets: new SocketBook(),
    openSockets: new Set(),
    receiveWait: new ReceiveWait(clock, recorder.series('generator.receive_wait', 'all', '')),
    deliveries,
    declared,
    openFeeder: (id, random) => {
      const shared = load.feeders[id]
      return new FeederCursor(findFeeder(id), shared === undefined ? feederCounter() : new Int32Array(shared), random)
    },
    readingAt: millis(0),
    deadline: millis(Number.POSITIVE_INFINITY),
    data: undefined,
    stopping: false,
  }
}
