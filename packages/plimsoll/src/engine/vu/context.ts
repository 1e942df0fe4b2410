import type { Clock } from '../../base/clock.ts'
import type { Millis } from '../../base/units.ts'
import type { Series } from '../../measure/recorder.ts'
import type { CompiledProfile } from '../../plan/compiled.ts'
import type { FeederCursor } from '../../plan/feeder-cursor.ts'
import type { Random } from '../../plan/user.ts'
import type { DeclaredDeliveries } from '../deliveries/declared.ts'
import type { DeliveryDesk } from '../deliveries/delivery-desk.ts'
import type { ManagedSocket } from '../sockets/managed-socket.ts'
import type { ReceiveWait } from '../sockets/receive-wait.ts'
import type { SocketBook } from '../sockets/socket-book.ts'
import type { LoadSettings, WorkerSettings } from '../wire.ts'
import type { FaultBook } from '../worker/fault-book.ts'
import type { Timeline } from '../worker/timeline.ts'
import type { HttpContext } from './http-context.ts'
import type { PreparedJourney } from './prepared-journey.ts'

/** What all virtual users of one worker share. */
export interface VuContext extends HttpContext {
  readonly profile: CompiledProfile
  readonly journeys: ReadonlyMap<string, PreparedJourney>
  /** The plan's and the profile's; undefined when there are none. */
  readonly tags: Readonly<Record<string, string>> | undefined
  readonly settings: WorkerSettings
  readonly load: LoadSettings
  readonly clock: Clock
  readonly lateness: Series
  readonly sockets: SocketBook
  readonly openSockets: Set<ManagedSocket>
  readonly receiveWait: ReceiveWait
  readonly deliveries: DeliveryDesk
  /** Undefined when the plan declares none. */
  readonly declared: DeclaredDeliveries | undefined
  /** Sleeps and think times. */
  readonly timeline: Timeline
  readonly faults: FaultBook
  /** A user's own place in a feeder. */
  readonly openFeeder: (id: number, random: Random) => FeederCursor<unknown>
  /** What setup returned. */
  data: unknown
  /** The instant of the read whose message the plan's code is looking at; 0 outside of any. */
  readingAt: Millis
  /** When everything under way is cut; far away until the run is told to stop. */
  deadline: Millis
  /** True once the run winds down: sleeps end at once. */
  stopping: boolean
}
