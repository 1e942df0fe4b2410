import type { Clock } from '../../base/clock.ts'
import { type Millis, millis } from '../../base/units.ts'
import type { Pulse } from '../pulse.ts'

const LOOK = millis(500)

/** A worker whose event loop has not turned for `limit`: which journey of which user had control last. */
export interface Stuck {
  readonly worker: number
  readonly journey: number
  readonly user: number
}

/** Watches the workers' pulses from outside: code in an endless loop cannot report itself. Returns how to stop. */
export function watchPulses(
  pulses: readonly Pulse[],
  { clock, limit, onStuck }: { clock: Clock; limit: Millis; onStuck: (stuck: Stuck) => void },
): () => void {
  const seen = pulses.map((pulse) => ({ beats: pulse.read().beats, since: clock.now(), reported: false }))
  let cancel = clock.after(LOOK, look)

  function look(): void {
    const now = clock.now()
    pulses.forEach((pulse, worker) => {
      const last = seen[worker]
      if (last === undefined) return
      const { beats, journey, user } = pulse.read()
      if (beats !== last.beats) {
        last.beats = beats
        last.since = now
        return
      }
      if (last.reported || now - last.since < limit) return
      last.reported = true
      onStuck({ worker, journey, user })
    })
    cancel = clock.after(LOOK, look)
  }

  return () => cancel()
}
