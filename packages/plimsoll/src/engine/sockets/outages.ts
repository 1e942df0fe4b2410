import { type Millis, millis, seconds } from '../../base/units.ts'
import type { CompiledOutage } from '../../plan/compiled.ts'
import { createRandom } from '../../plan/random.ts'
import { totalDuration } from '../../plan/stages.ts'
import { thinkDelay } from '../../plan/think.ts'
import type { Random } from '../../plan/user.ts'
import type { VuContext } from '../vu/context.ts'
import type { ManagedSocket } from './managed-socket.ts'

/** How finely the instants of a spread outage are kept. */
const GRAIN = millis(100)

/** Nobody is cut so late that there would be no time to come back: that long before the load's end. */
const TIME_TO_RETURN = seconds(3)

/** Cuts the connections of this worker's users as the profile's outages want it, from the run's start on. */
export function startOutages(context: VuContext, startedAt: Millis): void {
  const { profile, load } = context
  profile.outages.forEach((outage, index) => {
    const random = createRandom(load.seed, `outage ${index}`, context.settings.worker)
    const last = millis(startedAt + totalDuration(profile) - TIME_TO_RETURN - longest(outage.offline))
    if (outage.spread) spread(context, outage, startedAt, last, random)
    else strike(context, outage, millis(startedAt + outage.after), last, random)
  })
}

/** The longest pause that is likely: four deviations, or five means, are not exceeded once in a hundred. */
function longest(pause: CompiledOutage['offline']): number {
  switch (pause?.kind) {
    case undefined:
      return 0
    case 'constant':
      return pause.value
    case 'uniform':
      return pause.max
    case 'normal':
      return pause.mean + 4 * pause.deviation
    case 'exponential':
      return 5 * pause.mean
  }
}

/** All at one instant, and again a period later. */
function strike(context: VuContext, outage: CompiledOutage, at: Millis, last: Millis, random: Random): void {
  if (at > last) return
  const { timeline } = context
  timeline.at(at, () => {
    if (context.stopping) return
    for (const socket of [...context.openSockets]) {
      if (phaseOf(socket) < outage.share) cut(socket, outage, random)
    }
    if (outage.every !== undefined) strike(context, outage, millis(at + outage.every), last, random)
  })
}

/** Each user at its own instant of every period: those whose instant lies in this step are cut now. */
function spread(context: VuContext, outage: CompiledOutage, startedAt: Millis, last: Millis, random: Random): void {
  const { timeline } = context
  const every = outage.every ?? GRAIN
  const begun = startedAt + outage.after
  const step = (from: number): void => {
    const to = from + GRAIN
    if (begun + to > last) return
    timeline.at(millis(begun + to), () => {
      if (context.stopping) return
      for (const socket of [...context.openSockets]) {
        const phase = phaseOf(socket)
        // Its place among those who are cut at all is its place within the period.
        const instant = (phase / outage.share) * every
        if (phase < outage.share && passes(instant, every, from, to)) cut(socket, outage, random)
      }
      step(to)
    })
  }
  step(0)
}

const passes = (instant: number, every: number, from: number, to: number): boolean =>
  Math.floor((to - instant) / every) > Math.floor((from - instant) / every)

function cut(socket: ManagedSocket, { offline }: CompiledOutage, random: Random): void {
  socket.drop(offline === undefined ? undefined : thinkDelay(offline, random))
}

/** A user's place between 0 and 1, the same in every run: multiples of the golden ratio spread evenly (Knuth, TAOCP 3, 6.4). */
const phaseOf = ({ user }: ManagedSocket): number => (user * 0.6180339887498949) % 1
