import { type Millis, millis } from '../../base/units.ts'
import type { Expiring } from '../http/deadlines.ts'
import { TransportError } from '../http/exchange.ts'
import type { SocketClose } from '../websocket/types.ts'
import { closedByServer, lostBy } from './closes.ts'
import { malformed } from './dispatch.ts'
import { type EngineTarget, engineUrl } from './engine-target.ts'
import { type Handshake, readHandshake } from './handshake.ts'
import { Polling } from './polling.ts'
import type { EngineTransport, Traffic, TransportOwner } from './transport.ts'
import type { SocketIoContext, SocketIoSettings } from './types.ts'
import { Upgrade, type UpgradeOwner } from './upgrade.ts'
import { WebSocketTransport, webSocketSettings } from './websocket-transport.ts'

/** More of the server's pings than this within a second are a flood, not a heartbeat. */
const MAX_PINGS = 100
const SECOND = 1000

const none: Traffic = { sent: 0, received: 0 }

/** Told of one Engine.IO session. */
export interface EngineListener {
  engineOpened(at: Millis): void
  /** The content of a text message begins at `start`. */
  engineText(text: string, start: number, at: Millis): void
  engineBinary(bytes: Uint8Array, at: Millis): void
  engineUpgraded(at: Millis): void
  engineUpgradeFailed(error: TransportError): void
  /** Once, unless we ended it; nothing comes after it. */
  engineClosed(close: SocketClose): void
}

/**
 * One Engine.IO session (protocol 4): handshake, heartbeat, upgrade. The server pings; a server that has not pinged for
 * its interval and timeout is lost. Sessions have no timer: all of a thread's are looked at once a second.
 */
export class EngineSession implements TransportOwner, UpgradeOwner, Expiring {
  position = -1
  expires = millis(0)
  readonly #context: SocketIoContext
  readonly #settings: SocketIoSettings
  readonly #target: EngineTarget
  readonly #listener: EngineListener
  #transport: EngineTransport
  #upgrade: Upgrade | undefined
  #patience = millis(0)
  #isOpen = false
  #closed = false
  #paused = false
  #pings = 0
  #pingsSince = 0
  /** Octets of a transport that was left, not told yet. */
  #before = none

  /** Begins at once, with the first of the transports. @throws {TransportError} BAD_REQUEST */
  constructor(context: SocketIoContext, origin: string, settings: SocketIoSettings, listener: EngineListener) {
    this.#context = context
    this.#settings = settings
    this.#target = { origin, settings }
    this.#listener = listener
    if (settings.transports[0] === 'polling') {
      const polling = new Polling(context, this.#target, settings.headers, this)
      this.#transport = polling
      polling.open()
    } else {
      const url = engineUrl(this.#target, 'websocket', undefined)
      this.#transport = new WebSocketTransport(context, url, webSocketSettings(settings), this)
    }
  }

  get transport(): 'websocket' | 'polling' {
    return this.#transport.name
  }

  get bufferedAmount(): number {
    return this.#transport.bufferedAmount
  }

  takeTraffic(): Traffic {
    const taken = sumOf(this.#transport.takeTraffic(), this.#before)
    this.#before = none
    return this.#upgrade === undefined ? taken : sumOf(taken, this.#upgrade.transport.takeTraffic())
  }

  /** Text with `4` in front, or octets. */
  send(message: string | Uint8Array): void {
    if (!this.#closed) this.#transport.send(message)
  }

  /** A polite end; the listener hears nothing more. */
  close(): void {
    if (this.#closed) return
    this.#end()
    if (this.#isOpen) this.#transport.close()
    else this.#transport.cut()
  }

  /** Drops the TCP connections; the listener hears nothing more. */
  cut(): void {
    if (this.#closed) return
    this.#end()
    this.#transport.cut()
  }

  /** Ends it because of what the server did. */
  fail(error: TransportError): void {
    if (this.#closed) return
    this.cut()
    this.#listener.engineClosed(lostBy(error))
  }

  /** While nothing is read, nothing can be missed: the heartbeat rests. */
  pause(): void {
    this.#paused = true
    this.#transport.pause()
  }

  resume(): void {
    if (!this.#paused) return
    this.#paused = false
    this.#beat(this.#context.shared.now())
    this.#transport.resume()
  }

  transportOpened(): void {
    // The server speaks first.
  }

  message(text: string, start: number, at: Millis): void {
    if (this.#closed) return
    if (this.#isOpen) this.#listener.engineText(text, start, at)
    else this.fail(new TransportError('ENGINE_HANDSHAKE', 'the server sent a message before its handshake'))
  }

  binary(bytes: Uint8Array, at: Millis): void {
    if (this.#closed) return
    if (this.#isOpen) this.#listener.engineBinary(bytes, at)
    else this.fail(new TransportError('ENGINE_HANDSHAKE', 'the server sent octets before its handshake'))
  }

  control(type: string, data: string | undefined, at: Millis): void {
    if (this.#closed) return
    if (!this.#isOpen) this.#open(type, data, at)
    else if (type === 'ping') this.#answerPing(data, at)
    else if (type === 'close') {
      this.cut()
      this.#listener.engineClosed(closedByServer(1005))
    } else if (type === 'open' || type === 'error') {
      this.fail(malformed(type === 'open' ? 'a second handshake' : 'what is no Engine.IO packet'))
    }
  }

  transportClosed(close: SocketClose): void {
    if (this.#closed) return
    this.#end()
    this.#listener.engineClosed(close)
  }

  upgraded(transport: WebSocketTransport): void {
    const polling = this.#transport as Polling
    const left = polling.takeQueue()
    polling.cut()
    this.#upgrade = undefined
    this.#before = sumOf(this.#before, polling.takeTraffic())
    this.#transport = transport
    transport.owner = this
    for (const packet of left) transport.send(packet)
    if (this.#paused) transport.pause()
    this.#listener.engineUpgraded(this.#context.shared.now())
  }

  upgradeFailed(error: TransportError): void {
    this.#upgrade = undefined
    this.#listener.engineUpgradeFailed(error)
  }

  expire(now: Millis): void {
    if (this.#paused) this.#beat(now)
    else this.fail(new TransportError('TIMEOUT_HEARTBEAT', `no ping from the server for ${this.#patience} ms`))
  }

  #open(type: string, data: string | undefined, at: Millis): void {
    let handshake: Handshake
    try {
      if (type !== 'open') throw new TransportError('ENGINE_HANDSHAKE', `the server began with ${type} ${data ?? ''}`)
      handshake = readHandshake(data)
    } catch (error) {
      this.fail(error as TransportError)
      return
    }
    const { sid, patience, maxPayload, canUpgrade } = handshake
    this.#isOpen = true
    this.#patience = patience
    this.#beat(at)
    this.#context.shared.heartbeats.add(this)
    if (this.#transport instanceof Polling) this.#transport.enter(sid, maxPayload)
    this.#listener.engineOpened(at)
    if (canUpgrade && !this.#closed && this.#transport instanceof Polling) this.#beginUpgrade(sid, this.#transport)
  }

  #beginUpgrade(sid: string, polling: Polling): void {
    if (!this.#settings.transports.includes('websocket')) return
    const url = engineUrl(this.#target, 'websocket', sid)
    this.#upgrade = new Upgrade(this.#context, url, this.#settings, polling, this)
  }

  #answerPing(data: string | undefined, at: Millis): void {
    if (at - this.#pingsSince > SECOND) {
      this.#pingsSince = at
      this.#pings = 0
    }
    if (++this.#pings > MAX_PINGS) {
      this.fail(new TransportError('CONTROL_FLOOD', `the server sent more than ${MAX_PINGS} pings within a second`))
      return
    }
    this.#beat(at)
    this.#transport.send(data === undefined ? '3' : `3${data}`)
  }

  #beat(now: Millis): void {
    this.expires = millis(now + this.#patience)
  }

  #end(): void {
    this.#closed = true
    this.#context.shared.heartbeats.remove(this)
    this.#upgrade?.abandon()
    this.#upgrade = undefined
  }
}

const sumOf = (a: Traffic, b: Traffic): Traffic => ({ sent: a.sent + b.sent, received: a.received + b.received })
