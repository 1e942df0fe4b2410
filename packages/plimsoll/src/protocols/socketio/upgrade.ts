import { type Millis, millis } from '../../base/units.ts'
import type { Expiring } from '../http/deadlines.ts'
import { TransportError } from '../http/exchange.ts'
import type { SocketClose } from '../websocket/types.ts'
import type { Polling } from './polling.ts'
import type { TransportOwner } from './transport.ts'
import type { SocketIoContext, SocketIoSettings } from './types.ts'
import { WebSocketTransport, webSocketSettings } from './websocket-transport.ts'

/** Whose transport is changed. */
export interface UpgradeOwner {
  /** Polling has fallen silent; from here on packets go over WebSocket. */
  upgraded(transport: WebSocketTransport): void
  /** Polling goes on. */
  upgradeFailed(error: TransportError): void
}

/**
 * From polling to WebSocket (Engine.IO protocol 4, "Upgrade"): probe the new connection, let the requests under way end
 * so that nothing is lost or overtaken, tell the server, go on.
 */
export class Upgrade implements TransportOwner, Expiring {
  position = -1
  readonly expires: Millis
  readonly transport: WebSocketTransport
  readonly #owner: UpgradeOwner
  readonly #polling: Polling
  readonly #shared: SocketIoContext['shared']
  #over = false

  /** @throws {TransportError} BAD_REQUEST */
  constructor(
    context: SocketIoContext,
    url: string,
    settings: SocketIoSettings,
    polling: Polling,
    owner: UpgradeOwner,
  ) {
    const { shared } = context
    this.#owner = owner
    this.#polling = polling
    this.#shared = shared
    this.expires = millis(shared.now() + settings.connectTimeout)
    const { cookies } = polling
    this.transport = new WebSocketTransport({ ...context, cookies }, url, webSocketSettings(settings), this)
    shared.deadlines.add(this)
  }

  transportOpened(): void {
    this.transport.send('2probe')
  }

  control(type: string, data: string | undefined): void {
    if (type === 'pong' && data === 'probe') this.#polling.quiesce(() => this.#switch())
    else this.#fail(new TransportError('MALFORMED_PACKET', `the server answered the probe with ${type} ${data ?? ''}`))
  }

  message(): void {
    this.#fail(new TransportError('MALFORMED_PACKET', 'the server sent a message before the upgrade was done'))
  }

  binary(): void {
    this.message()
  }

  transportClosed({ error, code }: SocketClose): void {
    this.#fail(error ?? new TransportError('CONNECTION_CLOSED', `the server closed the probe with ${code}`))
  }

  expire(): void {
    this.#fail(new TransportError('TIMEOUT_CONNECT', 'the server did not finish the upgrade'))
  }

  /** The session is over. */
  abandon(): void {
    if (this.#over) return
    this.#end()
    this.transport.cut()
  }

  #switch(): void {
    if (this.#over) return
    this.#end()
    this.transport.send('5')
    this.#owner.upgraded(this.transport)
  }

  #fail(error: TransportError): void {
    if (this.#over) return
    this.abandon()
    this.#polling.wake()
    this.#owner.upgradeFailed(error)
  }

  #end(): void {
    this.#over = true
    this.#shared.deadlines.remove(this)
  }
}
