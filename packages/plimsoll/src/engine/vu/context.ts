import type { Clock } from '../../base/clock.ts'
import type { Millis } from '../../base/units.ts'
import type { Recorder, Series } from '../../measure/recorder.ts'
import type { CompiledPlan, CompiledProfile } from '../../plan/compiled.ts'
import type { FeederCursor } from '../../plan/feeder-cursor.ts'
import type { Random } from '../../plan/user.ts'
import type { ClientShared } from '../../protocols/http/client.ts'
import type { DeclaredDeliveries } from '../deliveries/declared.ts'
import type { DeliveryDesk } from '../deliveries/delivery-desk.ts'
import type { Pulse } from '../pulse.ts'
import type { ManagedSocket } from '../sockets/managed-socket.ts'
import type { ReceiveWait } from '../sockets/receive-wait.ts'
import type { SocketBook } from '../sockets/socket-book.ts'
import type { LoadSettings, WorkerSettings } from '../wire.ts'
import type { FaultBook } from '../worker/fault-book.ts'
import type { Timeline } from '../worker/timeline.ts'
import type { Endpoints } from './endpoints.ts'
import type { ExemplarBox } from './exemplar-box.ts'
import type { PreparedJourney } from './prepared-journey.ts'
import type { Redactor } from './redact.ts'

/** What all virtual users of one worker share. */
export interface VuContext {
  readonly plan: CompiledPlan
  readonly profile: CompiledProfile
  readonly journeys: ReadonlyMap<string, PreparedJourney>
  /** The plan's and the profile's; undefined when there are none. */
  readonly tags: Readonly<Record<string, string>> | undefined
  readonly settings: WorkerSettings
  readonly load: LoadSettings
  /** Origin that relative URLs are resolved against. */
  readonly baseUrl: string
  readonly clock: Clock
  readonly recorder: Recorder
  readonly lateness: Series
  readonly endpoints: Endpoints
  readonly exemplars: ExemplarBox
  readonly redact: Redactor
  readonly http: ClientShared
  readonly sockets: SocketBook
  readonly openSockets: Set<ManagedSocket>
  readonly receiveWait: ReceiveWait
  readonly deliveries: DeliveryDesk
  /** Undefined when the plan declares none. */
  readonly declared: DeclaredDeliveries | undefined
  /** Sleeps and think times. */
  readonly timeline: Timeline
  readonly pulse: Pulse
  readonly faults: FaultBook
  readonly traffic: { sent: number; received: number }
  /** A user's own place in a feeder. */
  readonly openFeeder: (id: number, random: Random) => FeederCursor<unknown>
  /** Instant of the run's start on the shared clock. */
  startedAt: Millis
  /** What setup returned. */
  data: unknown
  /** The instant of the read whose message the plan's code is looking at; 0 outside of any. */
  readingAt: Millis
  /** When everything under way is cut; far away until the run is told to stop. */
  deadline: Millis
  /** True once the run winds down: sleeps end at once. */
  stopping: boolean
}
