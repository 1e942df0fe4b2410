import { decodePacket } from 'engine.io-parser'
import { type Millis, millis, seconds } from '../../base/units.ts'
import { HttpClient } from '../http/client.ts'
import { type Exchange, TransportError } from '../http/exchange.ts'
import type { Answer, ClientSettings, ExchangeObserver, RequestInput } from '../http/types.ts'
import { closedByServer, lostBy } from './closes.ts'
import { type EngineTarget, engineUrl } from './engine-target.ts'
import type { EngineTransport, Traffic, TransportOwner } from './transport.ts'
import type { SocketIoContext } from './types.ts'

const SEPARATOR = '\x1e'
/** A POST is answered at once; a GET when the server has something to say, and the heartbeat watches over those. */
const POST_PATIENCE = seconds(30)

/** Long polling: one GET outstanding, POSTs one after the other (Engine.IO protocol 4). */
export class Polling implements EngineTransport, ExchangeObserver<undefined> {
  readonly name = 'polling'
  readonly #client: HttpClient<undefined>
  readonly #owner: TransportOwner
  readonly #shared: SocketIoContext['shared']
  readonly #target: EngineTarget
  readonly #input: RequestInput
  #sid: string | undefined
  #url: string
  #maxPayload = Number.POSITIVE_INFINITY
  #queue: (string | Uint8Array)[] = []
  #queued = 0
  #getting = false
  #posting = false
  #held = false
  #onQuiet: (() => void) | undefined
  #closing = false
  #closed = false
  #sent = 0
  #received = 0

  constructor(
    context: SocketIoContext,
    target: EngineTarget,
    headers: Readonly<Record<string, string>>,
    owner: TransportOwner,
  ) {
    const { shared, settings, localAddress, cookies } = context
    this.#owner = owner
    this.#shared = shared
    this.#target = target
    this.#input = { headers, redirects: 0 }
    this.#url = engineUrl(target, 'polling', undefined)
    const identity = { baseUrl: target.origin, localAddress, isCarrier: true }
    this.#client = new HttpClient(pollingSettings(settings), identity, shared, this)
    this.#client.cookies = cookies
  }

  /** The user's, or those that the server set on a user without any. */
  get cookies(): SocketIoContext['cookies'] {
    return this.#client.cookies
  }

  get bufferedAmount(): number {
    return this.#queued
  }

  open(): void {
    this.#get()
  }

  /** From here on requests name their session. */
  enter(sid: string, maxPayload: number): void {
    this.#sid = sid
    this.#url = engineUrl(this.#target, 'polling', sid)
    this.#maxPayload = maxPayload
  }

  takeTraffic(): Traffic {
    const taken = { sent: this.#sent, received: this.#received }
    this.#sent = 0
    this.#received = 0
    return taken
  }

  send(packet: string | Uint8Array): void {
    this.#queue.push(packet)
    this.#queued += packet.length
    this.#post()
  }

  /** Lets the requests under way end, starts no more, and then tells; what waits to be sent stays in the queue. */
  quiesce(onQuiet: () => void): void {
    this.#onQuiet = onQuiet
    this.#settle()
  }

  /** Takes up the requests again. */
  wake(): void {
    this.#onQuiet = undefined
    this.#settle()
  }

  takeQueue(): readonly (string | Uint8Array)[] {
    const queue = this.#queue
    this.#queue = []
    this.#queued = 0
    return queue
  }

  close(): void {
    if (this.#closed || this.#closing) return
    this.#closing = true
    this.#onQuiet = undefined
    this.send('1')
  }

  cut(): void {
    if (this.#closed) return
    this.#closed = true
    this.#client.close()
  }

  pause(): void {
    this.#held = true
  }

  resume(): void {
    this.#held = false
    this.#settle()
  }

  finished(exchange: Exchange): void {
    this.#sent += exchange.bytesSent
    this.#received += exchange.bytesReceived
  }

  /** Starts what may start now. */
  #settle(): void {
    if (this.#closed) return
    if (this.#onQuiet === undefined) {
      this.#post()
      this.#get()
    } else if (!this.#getting && !this.#posting) {
      const tell = this.#onQuiet
      this.#onQuiet = undefined
      this.#held = true
      tell()
    }
  }

  #get(): void {
    if (this.#getting || this.#held || this.#closing || this.#closed) return
    this.#getting = true
    this.#client.request('GET', this.#url, this.#input, undefined).then(
      (answer) => this.#polled(answer),
      (error: TransportError) => this.#fail(error),
    )
  }

  #polled(answer: Answer): void {
    this.#getting = false
    if (this.#closed || this.#closing) return
    if (answer.status !== 200) {
      this.#fail(this.#refusal(answer))
      return
    }
    this.#deliver(answer.text(), this.#shared.now())
    this.#settle()
  }

  /** Packet by packet, so that a body of nothing but separators costs no more than its first packet. */
  #deliver(payload: string, at: Millis): void {
    for (let start = 0; start <= payload.length && !this.#closed; ) {
      const found = payload.indexOf(SEPARATOR, start)
      const end = found < 0 ? payload.length : found
      const { type, data } = decodePacket(payload.slice(start, end), 'nodebuffer')
      start = end + 1
      if (type === 'close') {
        this.cut()
        this.#owner.transportClosed(closedByServer(1005))
      } else if (type !== 'message') {
        this.#owner.control(type, data as string | undefined, at)
      } else if (typeof data === 'string' || data === undefined) {
        this.#owner.message(data ?? '', 0, at)
      } else {
        this.#owner.binary(data as Buffer, at)
      }
    }
  }

  #post(): void {
    if (this.#posting || this.#closed || this.#onQuiet !== undefined || this.#queue.length === 0) return
    this.#posting = true
    const body = this.#takeBody()
    this.#client.request('POST', this.#url, { ...this.#input, body }, undefined, POST_PATIENCE).then(
      (answer) => this.#posted(answer),
      (error: TransportError) => this.#fail(error),
    )
  }

  #posted(answer: Answer): void {
    this.#posting = false
    if (this.#closed) return
    if (answer.status !== 200) this.#fail(this.#refusal(answer))
    else if (this.#closing && this.#queue.length === 0) this.cut()
    else if (this.#closing) this.#post()
    else this.#settle()
  }

  /** As many packets as the server takes at once, and never less than one. */
  #takeBody(): string {
    const texts: string[] = []
    let bytes = 0
    for (const packet of this.#queue) {
      const text = typeof packet === 'string' ? packet : `b${Buffer.from(packet).toString('base64')}`
      bytes += Buffer.byteLength(text) + 1
      if (texts.length > 0 && bytes > this.#maxPayload) break
      texts.push(text)
      this.#queued -= packet.length
    }
    this.#queue.splice(0, texts.length)
    return texts.join(SEPARATOR)
  }

  #refusal(answer: Answer): TransportError {
    const said = JSON.stringify(answer.text().slice(0, 80))
    const code = this.#sid === undefined ? 'ENGINE_HANDSHAKE' : 'CONNECTION_CLOSED'
    return new TransportError(code, `the server answered a poll with ${answer.status}: ${said}`)
  }

  #fail(error: TransportError): void {
    if (this.#closed) return
    const leaving = this.#closing
    this.cut()
    if (!leaving) this.#owner.transportClosed(lostBy(error))
  }
}

const derived = new WeakMap<ClientSettings, ClientSettings>()

/** The user's settings, but that a GET may wait for as long as it likes. One for all, since heads are kept by settings. */
function pollingSettings(settings: ClientSettings): ClientSettings {
  let polling = derived.get(settings)
  if (polling === undefined) {
    const ever = millis(Number.POSITIVE_INFINITY)
    polling = { ...settings, redirects: 0, timeout: { ...settings.timeout, firstByte: ever, total: ever } }
    derived.set(settings, polling)
  }
  return polling
}
