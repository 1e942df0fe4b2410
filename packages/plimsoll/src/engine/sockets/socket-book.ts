import type { ConnectionInterval, MessageInterval, SocketProtocol } from '../../record/events.ts'

type Counts = { -readonly [K in Exclude<keyof ConnectionInterval, 'protocol'>]: number }
type Tally = { count: number; bytes: number }
type Direction = MessageInterval['direction']

/** Names that come after the most are counted under `other`. */
const MOST_NAMES = 1000

/** What this worker's sockets have done since the last frame, and how many there are. */
export class SocketBook {
  readonly #connections = new Map<SocketProtocol, Counts>()
  readonly #messages = new Map<string, Map<string, Tally>>()

  of(protocol: SocketProtocol): Counts {
    let counts = this.#connections.get(protocol)
    if (counts === undefined) this.#connections.set(protocol, (counts = noCounts()))
    return counts
  }

  /** The tallies of one protocol and direction: keep them, and hand them to `count`. */
  tallies(protocol: SocketProtocol, direction: Direction): Map<string, Tally> {
    const key = `${protocol} ${direction}`
    let tallies = this.#messages.get(key)
    if (tallies === undefined) this.#messages.set(key, (tallies = new Map()))
    return tallies
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
    for (const [key, tallies] of this.#messages) {
      const [protocol, direction] = key.split(' ') as [SocketProtocol, Direction]
      for (const [name, { count, bytes }] of tallies) {
        if (count > 0) taken.push({ protocol, direction, name, count, bytes })
      }
      for (const tally of tallies.values()) tally.count = tally.bytes = 0
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
