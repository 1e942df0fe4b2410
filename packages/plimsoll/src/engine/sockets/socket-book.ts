import type { ConnectionInterval, MessageInterval, SocketProtocol } from '../../record/events.ts'

type Counts = { -readonly [K in Exclude<keyof ConnectionInterval, 'protocol'>]: number }
type Tally = { count: number; bytes: number }
type Direction = MessageInterval['direction']

const directions: readonly Direction[] = ['in', 'out']

/** Names that come after the most are counted under `other`. */
const MOST_NAMES = 1000

/** What this worker's sockets have done since the last frame, and how many there are. */
export class SocketBook {
  readonly #connections = new Map<SocketProtocol, Counts>()
  readonly #messages = new Map<SocketProtocol, Record<Direction, Map<string, Tally>>>()

  of(protocol: SocketProtocol): Counts {
    let counts = this.#connections.get(protocol)
    if (counts === undefined) this.#connections.set(protocol, (counts = noCounts()))
    return counts
  }

  /** The tallies of one protocol and direction: keep them, and hand them to `count`. */
  tallies(protocol: SocketProtocol, direction: Direction): Map<string, Tally> {
    let both = this.#messages.get(protocol)
    if (both === undefined) this.#messages.set(protocol, (both = { in: new Map(), out: new Map() }))
    return both[direction]
  }

  /** Standing connections, by protocol, and what happened to them since the last call. */
  takeConnections(): ConnectionInterval[] {
    return [...this.#connections].map(([protocol, counts]) => {
      const taken = { protocol, ...counts }
      this.#connections.set(protocol, Object.assign(counts, noCounts(), { open: counts.open, away: counts.away }))
      return taken
    })
  }

  takeMessages(): MessageInterval[] {
    const taken: MessageInterval[] = []
    for (const [protocol, both] of this.#messages) {
      for (const direction of directions) {
        for (const [name, tally] of both[direction]) {
          if (tally.count > 0) taken.push({ protocol, direction, name, ...tally })
          tally.count = tally.bytes = 0
        }
      }
    }
    return taken
  }
}

export function count(tallies: Map<string, Tally>, name: string, bytes: number): void {
  const tally = tallies.get(name) ?? admit(tallies, name)
  tally.count++
  tally.bytes += bytes
}

function admit(tallies: Map<string, Tally>, name: string): Tally {
  const admitted = tallies.size < MOST_NAMES ? name : 'other'
  const known = tallies.get(admitted)
  if (known !== undefined) return known
  const tally = { count: 0, bytes: 0 }
  tallies.set(admitted, tally)
  return tally
}

const noCounts = (): Counts => ({
  open: 0,
  away: 0,
  opened: 0,
  failed: 0,
  closed: 0,
  cut: 0,
  lost: 0,
  reconnected: 0,
  neverBack: 0,
  recovered: 0,
  notRecovered: 0,
})
