import { connect as connectTcp, isIP, type NetConnectOpts, type OnReadOpts, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Millis } from '../../base/units.ts'
import type { Address } from './dns.ts'
import { TransportError } from './exchange.ts'
import { connectFailure } from './failure.ts'
import type { ClientShared } from './shared.ts'
import type { Origin } from './target.ts'
import { tlsOptions } from './tls.ts'
import type { ClientSettings } from './types.ts'

/** What it takes to reach an origin for one user. */
export interface Route {
  readonly shared: ClientShared
  readonly origin: Origin
  readonly settings: ClientSettings
  readonly localAddress: string | undefined
  /** The user's own TLS session with this origin: each user is a device of its own, and resumes only what it began. */
  session: Buffer | undefined
}

export interface DialListener {
  tcpConnected(now: Millis): void
  /** The connection stands, TLS included. No listener of the dial is left on the socket. */
  connected(socket: Socket, now: Millis): void
  dialFailed(error: TransportError): void
}

const ignore = () => {}

/** Makes one connection: looks the name up, tries its addresses one after the other, shakes hands. */
export class Dial {
  readonly #route: Route
  readonly #listener: DialListener
  readonly #protocols: readonly string[]
  readonly #onread: OnReadOpts | undefined
  #socket: Socket | undefined
  #over = false
  #cancelled = false

  constructor(route: Route, protocols: readonly string[], onread: OnReadOpts | undefined, listener: DialListener) {
    this.#route = route
    this.#protocols = protocols
    this.#onread = onread
    this.#listener = listener
  }

  start(): void {
    const { shared, origin, settings, localAddress } = this.#route
    if (settings.socketPath !== undefined) {
      this.#connect({ path: settings.socketPath }, () => false)
      return
    }
    shared.dns.resolve(origin.hostname, (found, error) => {
      if (this.#over) return
      if (found === undefined) {
        this.#fail(error ?? new TransportError('DNS_FAILED', `${origin.hostname} has no address`))
        return
      }
      const family = localAddress === undefined ? 0 : isIP(localAddress)
      const usable = family === 0 ? [...found] : found.filter((address) => address.family === family)
      if (usable.length === 0) {
        const message = `${origin.hostname} has no address of the family of ${localAddress}`
        this.#fail(new TransportError('CONNECT_FAILED', message))
        return
      }
      this.#try(usable, 0)
    })
  }

  cancel(): void {
    this.#cancelled = true
    this.#over = true
    this.#socket?.destroy()
  }

  #try(addresses: readonly Address[], index: number): void {
    const address = addresses[index]
    if (address === undefined) return
    const { shared, origin, localAddress } = this.#route
    this.#connect(
      { host: address.address, port: origin.port, ...(localAddress === undefined ? {} : { localAddress }) },
      () => {
        if (index + 1 >= addresses.length) return false
        this.#try(addresses, index + 1)
        return true
      },
      () => {
        if (index > 0) shared.dns.prefer(origin.hostname, address)
      },
    )
  }

  /** `another` tries the next address, and says whether there was one. */
  #connect(where: NetConnectOpts, another: () => boolean, reached: () => void = ignore): void {
    const { shared, origin } = this.#route
    const socket = this.#open(where)
    if (socket === undefined) return
    this.#socket = socket
    let stage: 'tcp' | 'tls' = 'tcp'
    const failed = (error: Error) => {
      detach()
      socket.on('error', ignore)
      if (this.#over || (stage === 'tcp' && another())) return
      this.#fail(connectFailure(error, stage))
    }
    const closed = () => failed(new Error('the connection was closed before it was ready'))
    const connected = () => {
      stage = 'tls'
      reached()
      const now = shared.now()
      this.#listener.tcpConnected(now)
      if (!origin.secure) ready(now)
    }
    const secured = () => ready(shared.now())
    const ready = (now: Millis) => {
      detach()
      if (this.#over) return
      this.#over = true
      this.#listener.connected(socket, now)
    }
    const detach = () => {
      socket.off('connect', connected).off('secureConnect', secured).off('close', closed).off('error', failed)
    }
    socket.once('connect', connected).once('close', closed).once('error', failed)
    if (origin.secure) {
      socket.once('secureConnect', secured)
      socket.on('session', (session: Buffer) => {
        this.#route.session = session
      })
    }
  }

  #open(where: NetConnectOpts): Socket | undefined {
    const { shared, origin, settings, session } = this.#route
    const options = { ...where, noDelay: true, ...(this.#onread === undefined ? {} : { onread: this.#onread }) }
    try {
      if (!origin.secure) return connectTcp(options)
      const context = shared.tls.of(settings.tls)
      return connectTls({ ...options, ...tlsOptions(origin, settings.tls, context, this.#protocols, session) })
    } catch (error) {
      this.#fail(connectFailure(error, origin.secure ? 'tls' : 'tcp'))
      return undefined
    }
  }

  /** Tells it in a turn of its own: whoever hears of it may dial again at once, a thousand times over. */
  #fail(error: TransportError): void {
    if (this.#over) return
    this.#over = true
    queueMicrotask(() => {
      if (!this.#cancelled) this.#listener.dialFailed(error)
    })
  }
}
