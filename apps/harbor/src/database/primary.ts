import pg from 'pg'
import { urlsOf } from './hosts.ts'

export interface Primary {
  /** Of this host alone. */
  readonly url: string
  readonly host: string
  readonly port: number
  /** Counts promotions: a standby that becomes the primary begins the next one. */
  readonly timeline: number
}

/** What a server says that takes no writes, or should not. */
export class NotPrimary extends Error {
  constructor({ host, port }: { readonly host: string; readonly port: number }, what: string) {
    super(`${host}:${port} ${what}`)
    this.name = 'NotPrimary'
  }
}

/** Thrown when no host takes writes. */
export class NoPrimary extends AggregateError {
  constructor(errors: readonly unknown[]) {
    const reasons = errors.map((error) => (error instanceof Error ? error.message || error.name : String(error)))
    super(errors, `No host of the database takes writes: ${reasons.join('; ')}.`)
    this.name = 'NoPrimary'
  }
}

/** Whether a server takes writes, and since which promotion; the first eight digits of a WAL file's name tell. */
const question = `SELECT CASE WHEN current_setting('transaction_read_only')::bool THEN NULL
  ELSE left(pg_walfile_name(pg_current_wal_lsn()), 8) END AS timeline`

/**
 * Finds the host that takes writes, of several. Stays with the one it found before while that says it is the primary; else
 * it asks all, and takes the one that was promoted last: a primary that was given up and came back is none any more, though
 * it does not know it. It never goes back to an older timeline.
 */
export class PrimaryFinder {
  readonly #urls: readonly string[]
  readonly #timeout: number
  readonly #onMove: (primary: Primary) => void
  #found: Primary | undefined
  #finding: Promise<Primary> | undefined

  /**
   * @param timeout in milliseconds, for each host
   * @param onMove told of another primary than before
   */
  constructor(url: string, timeout: number, onMove: (primary: Primary) => void = () => undefined) {
    this.#urls = urlsOf(url)
    this.#timeout = timeout
    this.#onMove = onMove
  }

  /** @throws {NoPrimary} */
  find(): Promise<Primary> {
    // Those who ask at once get one answer.
    this.#finding ??= this.#find().finally(() => {
      this.#finding = undefined
    })
    return this.#finding
  }

  async #find(): Promise<Primary> {
    const before = this.#found
    if (before !== undefined) {
      const still = await this.#ask(before.url, before.timeline).catch(() => undefined)
      if (still !== undefined) return still
    }
    const answers = await Promise.allSettled(this.#urls.map((url) => this.#ask(url, before?.timeline ?? 0)))
    const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []))
    const [newest] = found.toSorted((a, b) => b.timeline - a.timeline)
    if (newest === undefined) {
      throw new NoPrimary(answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : [])))
    }
    this.#found = newest
    if (before !== undefined && newest.url !== before.url) this.#onMove(newest)
    return newest
  }

  async #ask(url: string, leastTimeline: number): Promise<Primary> {
    const client = new pg.Client({
      connectionString: url,
      application_name: 'harbor',
      connectionTimeoutMillis: this.#timeout,
      query_timeout: this.#timeout,
    })
    client.on('error', () => undefined)
    try {
      await client.connect()
      const { rows } = await client.query<{ timeline: string | null }>(question)
      const { host, port } = client
      const timeline = Number.parseInt(rows[0]?.timeline ?? '0', 16)
      if (timeline === 0) throw new NotPrimary(client, 'is a standby, or read-only')
      if (timeline < leastTimeline) throw new NotPrimary(client, 'was the primary before another was promoted')
      return { url, host, port, timeline }
    } finally {
      void client.end().catch(() => undefined)
    }
  }
}

/**
 * For whoever needs one connection.
 * @returns the URL of the host that takes writes; one that names a single host as it is, without asking it
 * @throws {NoPrimary}
 */
export async function primaryUrl(url: string): Promise<string> {
  return urlsOf(url).length === 1 ? url : (await new PrimaryFinder(url, 5_000).find()).url
}
