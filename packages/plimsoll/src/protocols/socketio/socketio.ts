import { type Millis, millis } from '../../base/units.ts'
import type { Expiring } from '../http/deadlines.ts'
import { TransportError } from '../http/exchange.ts'
import type { SocketClose } from '../websocket/types.ts'
import { backOff } from './back-off.ts'
import { cutByUs, leftByServer, leftByUs } from './closes.ts'
import { malformed } from './dispatch.ts'
import { type EngineListener, EngineSession } from './engine-session.ts'
import { JsonReader } from './json-reader.ts'
import { MsgpackReader } from './msgpack-reader.ts'
import { Outgoing } from './outgoing.ts'
import type { PacketReader, PacketSink } from './packet-sink.ts'
import { Recovery } from './recovery.ts'
import type { Traffic } from './transport.ts'
import type { AckListener, SocketIoConnection, SocketIoContext, SocketIoListener, SocketIoSettings } from './types.ts'

/**
 * A Socket.IO socket (protocol 5) on an Engine.IO connection of its own. The listener hears of nothing before this has
 * returned.
 * @param origin `http://host:port` or `https://host:port`; path and namespace are in the settings
 */
export function connectSocketIo(
  context: SocketIoContext,
  origin: string,
  settings: SocketIoSettings,
  listener: SocketIoListener,
): SocketIoConnection {
  return new SocketIo(context, origin, settings, listener)
}

class SocketIo implements SocketIoConnection, EngineListener, PacketSink, Expiring {
  state: SocketIoConnection['state'] = 'connecting'
  id = ''
  /** When this attempt has failed, or the next one is due. */
  expires = millis(0)
  position = -1
  readonly #context: SocketIoContext
  readonly #origin: string
  readonly #settings: SocketIoSettings
  readonly #listener: SocketIoListener
  readonly #namespace: string
  readonly #recovery = new Recovery()
  readonly #outgoing: Outgoing
  #session: EngineSession | undefined
  #reader: PacketReader
  #attempt = 0
  #hasBeenOpen = false
  #paused = false
  #askedAt: Millis
  #engineOpenAt = millis(0)
  /** Octets of sessions that are over, not told yet. */
  #sent = 0
  #received = 0

  constructor(context: SocketIoContext, origin: string, settings: SocketIoSettings, listener: SocketIoListener) {
    const { namespace } = settings
    this.#context = context
    this.#origin = origin
    this.#settings = settings
    this.#listener = listener
    this.#namespace = namespace.startsWith('/') ? namespace : `/${namespace}`
    this.#outgoing = new Outgoing(context.shared, this.#namespace, settings.parser)
    this.#reader = this.#createReader()
    this.#askedAt = context.shared.now()
    queueMicrotask(() => {
      if (this.state === 'connecting') this.#connect()
    })
  }

  get transport(): 'websocket' | 'polling' {
    return this.#session?.transport ?? this.#settings.transports[0] ?? 'websocket'
  }

  get bufferedAmount(): number {
    return this.#session?.bufferedAmount ?? 0
  }

  takeTraffic(): Traffic {
    this.#collectTraffic()
    const taken = { sent: this.#sent, received: this.#received }
    this.#sent = 0
    this.#received = 0
    return taken
  }

  emit(event: string, args: readonly unknown[]): number {
    this.#mustBeOpen(event)
    return this.#outgoing.event(event, args)
  }

  emitWithAck(event: string, args: readonly unknown[], timeout: Millis, listener: AckListener): number {
    this.#mustBeOpen(event)
    return this.#outgoing.eventWithAck(event, args, timeout, listener)
  }

  close(): void {
    const { state } = this
    if (state === 'closed') return
    if (state === 'open') this.#outgoing.disconnect()
    this.#leave()
    this.#session?.close()
    this.#forgetSession()
    if (state === 'open') this.#gone(leftByUs, undefined)
  }

  cut(offline: Millis | undefined): void {
    const { state } = this
    if (state === 'closed') return
    if (state === 'waiting') {
      this.expires = millis(Math.max(this.expires, this.#context.shared.now() + (offline ?? 0)))
      return
    }
    this.#session?.cut()
    this.#forgetSession()
    if (state === 'open') this.#gone(cutByUs, this.#retry(offline))
    else
      this.#listener.connectFailed(new TransportError('SOCKET_CLOSED', 'the connection was cut'), this.#retry(offline))
  }

  pause(): void {
    this.#paused = true
    if (this.state === 'open') this.#session?.pause()
  }

  resume(): void {
    this.#paused = false
    this.#session?.resume()
  }

  /** Its own deadline: of the attempt, or of the wait for the next. */
  expire(now: Millis): void {
    const { shared } = this.#context
    shared.deadlines.remove(this)
    if (this.state === 'waiting') {
      this.state = 'connecting'
      this.#askedAt = now
      this.#engineOpenAt = millis(0)
      this.#reader = this.#createReader()
      this.#connect()
    } else {
      const what = this.#engineOpenAt === 0 ? 'no Engine.IO handshake' : `${this.#namespace} was not joined`
      const error = new TransportError('TIMEOUT_CONNECT', `${what} within ${this.#settings.connectTimeout} ms`)
      this.#session?.cut()
      this.#forgetSession()
      this.#listener.connectFailed(error, this.#retry(undefined))
    }
  }

  engineOpened(at: Millis): void {
    this.#engineOpenAt = at
    this.#attempt = 0
    const { auth } = this.#settings
    try {
      this.#outgoing.connect({ ...this.#recovery.credentials(), ...(typeof auth === 'function' ? auth() : auth) })
    } catch (error) {
      const reason = new TransportError('BAD_REQUEST', `auth cannot be sent: ${(error as Error).message}`, error)
      this.#giveUpAttempt(reason)
    }
  }

  engineText(text: string, start: number, at: Millis): void {
    this.#reader.text(text, start, at)
  }

  engineBinary(bytes: Uint8Array, at: Millis): void {
    this.#reader.binary(bytes, at)
  }

  engineUpgraded(at: Millis): void {
    this.#listener.upgraded(at)
  }

  engineUpgradeFailed(error: TransportError): void {
    this.#listener.stray(error)
  }

  engineClosed(close: SocketClose): void {
    const { state } = this
    const error = close.error ?? closedEarly(close)
    this.#forgetSession()
    if (state === 'open') this.#gone(close, this.#retry(undefined))
    else if (isOurs(error)) this.#giveUpAttempt(error)
    else this.#listener.connectFailed(error, this.#retry(undefined))
  }

  received(name: string, args: readonly unknown[], id: number, at: Millis, bytes: number): void {
    if (this.state === 'open') {
      this.#recovery.received(args)
      this.#listener.event(name, args, at, id < 0 ? undefined : this.#outgoing.replyTo(id), bytes)
    } else if (this.state === 'connecting') {
      const error = this.#recovery.keep(name, args, id, at, bytes)
      if (error !== undefined) this.unreadable(error)
    }
  }

  acknowledged(id: number, args: readonly unknown[], at: Millis): void {
    if (this.#outgoing.acknowledged(id, args, at)) return
    this.unreadable(new TransportError('UNKNOWN_ACK', `an acknowledgement for the id ${id}, which was never sent`))
  }

  joined(data: unknown, at: Millis): void {
    const { sid, pid } = (data ?? {}) as { sid?: unknown; pid?: unknown }
    if (this.state !== 'connecting') {
      this.unreadable(malformed('CONNECT for a namespace that was joined before'))
    } else if (typeof sid !== 'string') {
      this.#session?.fail(new TransportError('ENGINE_HANDSHAKE', 'CONNECT has no sid: is this a Socket.IO 2 server?'))
    } else {
      const isSame = this.#recovery.joined(pid)
      const recovered = this.#hasBeenOpen ? isSame : undefined
      this.#context.shared.deadlines.remove(this)
      this.state = 'open'
      this.id = sid
      this.#hasBeenOpen = true
      const times = { askedAt: this.#askedAt, engineOpenAt: this.#engineOpenAt, openAt: at }
      this.#listener.opened(times, this.transport, recovered)
      if (this.#paused) this.pause()
      this.#deliverEarly()
    }
  }

  refused(data: unknown): void {
    if (this.state !== 'connecting') {
      this.unreadable(malformed('CONNECT_ERROR for a namespace that was joined before'))
      return
    }
    const said = typeof data === 'object' && data !== null && 'message' in data ? data.message : data
    this.#giveUpAttempt(new TransportError('SOCKETIO_REFUSED', String(said ?? 'the server gave no reason')))
  }

  left(): void {
    if (this.state !== 'open') {
      this.#giveUpAttempt(new TransportError('SOCKETIO_REFUSED', 'the server disconnected the namespace'))
      return
    }
    this.#leave()
    this.#session?.close()
    this.#forgetSession()
    this.#gone(leftByServer, undefined)
  }

  unreadable(error: TransportError): void {
    this.#session?.fail(error)
  }

  /** Whoever hears of one may end the connection: the rest is then lost with it. */
  #deliverEarly(): void {
    const session = this.#session
    for (const { name, args, id, at, bytes } of this.#recovery.takeEarly()) {
      if (this.#session !== session) return
      this.received(name, args, id, at, bytes)
    }
  }

  #createReader(): PacketReader {
    const { parser, maxAttachments, maxMessage } = this.#settings
    return parser === 'msgpack'
      ? new MsgpackReader(this, this.#namespace)
      : new JsonReader(this, this.#namespace, maxAttachments, maxMessage)
  }

  #connect(): void {
    const { shared } = this.#context
    this.#recovery.takeEarly()
    this.expires = millis(this.#askedAt + this.#settings.connectTimeout)
    shared.deadlines.add(this)
    try {
      if (this.#namespace.includes(',')) throw new TransportError('BAD_REQUEST', 'a namespace cannot have a comma')
      this.#session = new EngineSession(this.#context, this.#origin, this.#settings, this)
      this.#outgoing.session = this.#session
    } catch (error) {
      this.#giveUpAttempt(asTransportError(error))
    }
  }

  #mustBeOpen(event: string): void {
    if (this.state !== 'open') throw new TransportError('SOCKET_CLOSED', `${event}: the socket is ${this.state}`)
  }

  /** The next attempt is set up, if there is one; undefined when not, and then this was all. */
  #retry(offline: Millis | undefined): Millis | undefined {
    const { shared, random } = this.#context
    const { reconnect } = this.#settings
    const delay = reconnect === undefined ? undefined : backOff(reconnect, this.#attempt++, random)
    this.#leave()
    if (delay === undefined) return undefined
    const retryIn = offline ?? delay
    this.state = 'waiting'
    this.expires = millis(shared.now() + retryIn)
    shared.deadlines.add(this)
    return retryIn
  }

  /** For good, until `#retry` says otherwise. */
  #leave(): void {
    this.#context.shared.deadlines.remove(this)
    this.state = 'closed'
    this.id = ''
  }

  #gone(close: SocketClose, retryIn: Millis | undefined): void {
    this.#outgoing.fail(close.error ?? new TransportError('SOCKET_CLOSED', close.reason))
    this.#listener.disconnected(close, retryIn)
  }

  /** What another attempt would not change. */
  #giveUpAttempt(error: TransportError): void {
    this.#session?.close()
    this.#forgetSession()
    this.#leave()
    this.#listener.connectFailed(error, undefined)
  }

  #forgetSession(): void {
    this.#collectTraffic()
    this.#session = undefined
    this.#outgoing.session = undefined
  }

  #collectTraffic(): void {
    if (this.#session === undefined) return
    const { sent, received } = this.#session.takeTraffic()
    this.#sent += sent
    this.#received += received
  }
}

const closedEarly = ({ code }: SocketClose) =>
  new TransportError(
    'CONNECTION_CLOSED',
    `the server closed the connection with ${code} before the namespace was joined`,
  )

/** Nothing that the server or the network could change. */
const isOurs = ({ code }: TransportError) => code === 'BAD_REQUEST' || code === 'HOST_NOT_ALLOWED'

const asTransportError = (error: unknown) =>
  error instanceof TransportError ? error : new TransportError('BAD_REQUEST', (error as Error).message, error)
