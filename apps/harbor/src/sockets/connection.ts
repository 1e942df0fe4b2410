import type { Principal } from '../accounts/principal.ts'
import type { Receiver } from '../fan-out/outlet.ts'
import type { Outgoing, Prepared } from '../fan-out/prepared.ts'

/** Why a connection is ended; plain WebSockets see the close code of it. */
export type Ending = 'slow' | 'restart' | 'offences' | 'session-ended'

/** A signed-in client's open connection, of whatever transport. */
export interface Connection extends Receiver {
  readonly id: string
  readonly principal: Principal
  readonly batch: boolean
  write(prepared: Prepared): void
  emit(outgoing: Outgoing): void
  end(ending: Ending): void
  /** Calls back once, when the connection is closed. */
  onClose(listener: () => void): void
}
