import { type Millis, millis, seconds } from '../../base/units.ts'
import { HttpClient } from '../http/client.ts'
import type { Expiring } from '../http/deadlines.ts'
import type { Dialer } from '../http/dialer.ts'
import { TransportError, type TransportErrorCode } from '../http/exchange.ts'
import type { Answer, ExchangeObserver } from '../http/types.ts'
import { type EventSink, EventStreamParser } from './parser.ts'
import type { EventStreamConnection, EventStreamListener, EventStreamSettings } from './types.ts'

/** Until the server says otherwise; what Chromium waits. */
const RETRY = seconds(3)
/** A server that says `retry: 0` and ends its streams would otherwise be asked without pause. */
const SHORTEST_RETRY = millis(10)
const LONGEST_RETRY = seconds(3600)
const FOREVER = millis(Number.POSITIVE_INFINITY)
/** Failures that another attempt would only repeat. */
const final: ReadonlySet<TransportErrorCode> = new Set([
  'BAD_REQUEST',
  'EVENT_STREAM_REFUSED',
  'HOST_NOT_ALLOWED',
  'MALFORMED_EVENT_STREAM',
  'MESSAGE_TOO_LARGE',
  'TOO_MANY_REDIRECTS',
])

/** One stream of events and its returns (WHATWG HTML §9.2.3), as requests of an HTTP client of its own. */
export class EventStream implements EventStreamConnection, EventSink, Expiring, ExchangeObserver<number> {
  state: EventStreamConnection['state'] = 'connecting'
  lastEventId: string
  position = -1
  /** When the attempt is out of time, or the next one due. */
  expires = FOREVER
  readonly #dialer: Dialer
  readonly #url: string
  readonly #settings: EventStreamSettings
  readonly #listener: EventStreamListener
  readonly #client: HttpClient<number>
  #parser: EventStreamParser | undefined
  /** Tells the callbacks of an attempt from those of one before it. */
  #attempt = 0
  #askedAt = millis(0)
  #at = millis(0)
  #retry = RETRY
  /** Settles with `resume`; undefined while it reads. */
  #paused: Promise<void> | undefined
  #resume: () => void = () => {}

  /** @throws {TransportError} BAD_REQUEST when the client's settings hold headers that cannot be sent */
  constructor(dialer: Dialer, url: string, settings: EventStreamSettings, listener: EventStreamListener) {
    this.#dialer = dialer
    this.#url = url
    this.#settings = settings
    this.#listener = listener
    this.lastEventId = settings.lastEventId
    const identity = { baseUrl: dialer.baseUrl ?? url, localAddress: dialer.localAddress, isCarrier: true }
    this.#client = new HttpClient(dialer.settings, identity, dialer.shared, this)
    this.#client.cookies = dialer.cookies
  }

  connect(): void {
    const attempt = ++this.#attempt
    this.state = 'connecting'
    this.#askedAt = this.#dialer.shared.now()
    this.#watch(this.#settings.connectTimeout)
    const { headers } = this.#settings
    const input = {
      headers: {
        accept: 'text/event-stream',
        'cache-control': 'no-store',
        ...headers,
        ...(this.lastEventId === '' ? {} : { 'last-event-id': asOctets(this.lastEventId) }),
      },
      answered: (answer: Answer) => this.#answered(answer, attempt),
      receive: (piece: Uint8Array) => {
        this.#received(piece, attempt)
        return this.#paused
      },
    }
    this.#client.request('GET', this.#url, input, attempt, FOREVER).then(
      () => this.#ended(attempt, undefined),
      (error: unknown) => this.#ended(attempt, error),
    )
  }

  /** The stream keeps books of its own. */
  finished(): void {}

  close(): void {
    this.#leave('closed')
  }

  cut(offline: Millis | undefined): void {
    if (this.state === 'closed') return
    if (this.state === 'waiting') {
      if (offline !== undefined) this.#watch(offline)
      return
    }
    this.#lost(undefined, offline ?? this.#retry)
  }

  pause(): void {
    this.#paused ??= new Promise((resolve) => {
      this.#resume = resolve
    })
  }

  resume(): void {
    this.#paused = undefined
    this.#resume()
  }

  expire(): void {
    if (this.state === 'waiting') {
      this.connect()
      return
    }
    const { connectTimeout } = this.#settings
    this.#lost(new TransportError('TIMEOUT_FIRST_BYTE', `no stream within ${connectTimeout} ms`), this.#retry)
  }

  identified(lastEventId: string): void {
    this.lastEventId = lastEventId
  }

  event(type: string, data: string): void {
    if (this.state === 'open') this.#listener.event({ type, data, lastEventId: this.lastEventId }, this.#at)
  }

  retry(delay: number): void {
    this.#retry = millis(Math.min(LONGEST_RETRY, Math.max(SHORTEST_RETRY, delay)))
  }

  #answered({ status, headers }: Answer, attempt: number): void {
    if (attempt !== this.#attempt || this.state !== 'connecting' || status === 204) return
    if (status !== 200) throw new TransportError('EVENT_STREAM_REFUSED', `the server answered ${status}`)
    const type = headers.get('content-type') ?? ''
    if (!/^\s*text\/event-stream\s*(;|$)/i.test(type)) {
      throw new TransportError('MALFORMED_EVENT_STREAM', `the answer is ${JSON.stringify(type)}, no event stream`)
    }
    this.#parser = new EventStreamParser(this, this.#dialer.settings.maxBody, this.lastEventId)
    this.#dialer.shared.deadlines.remove(this)
    this.state = 'open'
    this.#listener.opened(this.#askedAt, this.#dialer.shared.now())
  }

  #received(piece: Uint8Array, attempt: number): void {
    if (attempt !== this.#attempt || this.state !== 'open') return
    this.#at = this.#dialer.shared.now()
    this.#parser?.feed(Buffer.from(piece.buffer, piece.byteOffset, piece.length))
  }

  #ended(attempt: number, error: unknown): void {
    if (attempt !== this.#attempt || this.state === 'closed') return
    if (error !== undefined && !(error instanceof TransportError)) throw error
    const isOver = error === undefined ? this.state === 'connecting' : final.has(error.code)
    this.#lost(error, isOver ? undefined : this.#retry)
  }

  #lost(error: TransportError | undefined, retryIn: Millis | undefined): void {
    const delay = this.#settings.reconnect ? retryIn : undefined
    this.#leave(delay === undefined ? 'closed' : 'waiting')
    if (delay !== undefined) this.#watch(delay)
    this.#listener.disconnected(error, delay)
  }

  /** Whatever the attempt under way still brings concerns nobody. */
  #leave(state: 'waiting' | 'closed'): void {
    this.state = state
    this.#attempt++
    this.#parser = undefined
    this.#dialer.shared.deadlines.remove(this)
    this.#client.abort('the event stream was left')
    this.#letGo()
  }

  /** What waits to read on a connection that is gone goes on; the next one is held up as this one was. */
  #letGo(): void {
    if (this.#paused === undefined) return
    this.resume()
    if (this.state !== 'closed') this.pause()
  }

  #watch(delay: Millis): void {
    const { shared } = this.#dialer
    shared.deadlines.remove(this)
    this.expires = millis(shared.now() + delay)
    shared.deadlines.add(this)
  }
}

/** A header's value is octets: the id's in UTF-8 (WHATWG HTML §9.2.3). */
const asOctets = (text: string) => Buffer.from(text).toString('latin1')
