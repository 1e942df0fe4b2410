import pg from 'pg'
import { urlsOf } from './hosts.ts'
import { type Primary, PrimaryFinder } from './primary.ts'

interface Options {
  /** In milliseconds: the pool's, for a connection. */
  readonly timeout: number
  readonly onMove: (primary: Primary) => void
}

/**
 * What a pool needs to connect to whichever host of a URL takes writes, found anew for each connection: those to a host
 * that is gone break by themselves, and what comes next goes where the primary is then.
 */
export function toPrimary(url: string, { timeout, onMove }: Options): pg.PoolConfig {
  const [first = url, ...others] = urlsOf(url)
  if (others.length === 0) return { connectionString: url }
  return { connectionString: first, Client: clientsOf(new PrimaryFinder(url, timeout / 2, onMove), timeout) }
}

type Callback = (error: Error | null) => void

/** pg reads host and port when it connects, not before. */
function clientsOf(finder: PrimaryFinder, timeout: number) {
  return class PrimaryClient extends pg.Client {
    override connect(): Promise<pg.Client>
    override connect(callback: Callback): void
    override connect(callback?: Callback): Promise<pg.Client> | undefined {
      const connected = this.#connect()
      if (callback === undefined) return connected
      connected.then(() => callback(null), callback)
      return undefined
    }

    async #connect(): Promise<pg.Client> {
      const began = performance.now()
      const { host, port } = await finder.find()
      // The pool has lost its patience, and destroyed the socket.
      if (performance.now() - began >= timeout) throw new Error('timeout expired')
      Object.assign(this, { host, port })
      return super.connect()
    }
  }
}
