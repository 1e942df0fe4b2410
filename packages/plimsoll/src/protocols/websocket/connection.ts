import type { Socket } from 'node:net'
import { millis } from '../../base/units.ts'
import type { Expiring } from '../http/deadlines.ts'
import type { Dialer } from '../http/dialer.ts'
import { TransportError } from '../http/exchange.ts'
import { exchangeFailure } from '../http/failure.ts'
import type { ClientShared } from '../http/shared.ts'
import { closeCodeOf, isCloseCode, NO_CLOSE_FRAME, NO_CODE, NORMAL_CLOSURE } from './close-codes.ts'
import { Controls } from './controls.ts'
import { type DeflateTerms, deflateMessage } from './deflate.ts'
import { FrameParser, type FrameSink } from './frame-parser.ts'
import { BINARY, CLOSE, FIN, MAX_CONTROL, PING, PONG, RSV1, TEXT } from './frames.ts'
import { Inflater } from './inflater.ts'
import { Opening, type OpeningOwner } from './opening.ts'
import { Outbox } from './outbox.ts'
import type { SocketClose, WebSocketConnection, WebSocketListener, WebSocketSettings } from './types.ts'

const never = millis(0)
const nothing = Buffer.alloc(0)

/** One client connection, from its handshake to its end. */
export class Connection implements WebSocketConnection, OpeningOwner, FrameSink, Expiring {
  state: WebSocketConnection['state'] = 'connecting'
  position = -1
  /** When the peer has had its time to close. */
  expires = never
  readonly #dialer: Dialer
  readonly #settings: WebSocketSettings
  readonly #listener: WebSocketListener
  #opening: Opening | undefined
  #socket: Socket | undefined
  #parser: FrameParser | undefined
  #outbox: Outbox | undefined
  #deflate: DeflateTerms | undefined
  #controls: Controls | undefined
  /** The instant of the read under way. */
  #at = never
  #received = 0
  /** By an outbox that is gone. */
  #sent = 0
  #taken = 0
  #paused = false
  #reading = false
  /** What had been read already when it was paused. */
  #held: Buffer = nothing
  /** What Node reported. */
  #error: TransportError | undefined
  /** What will have been the end, once closing has begun. */
  #by: SocketClose['by'] = 'peer'
  #code = NO_CLOSE_FRAME
  #reason = ''
  /** What the close frame cut short. */
  #loss: TransportError | undefined

  constructor(dialer: Dialer, settings: WebSocketSettings, listener: WebSocketListener) {
    this.#dialer = dialer
    this.#settings = settings
    this.#listener = listener
  }

  open(url: string): void {
    try {
      this.#opening = new Opening(this.#dialer, url, this.#settings, this)
      this.#opening.start()
    } catch (error) {
      const failure =
        error instanceof TransportError
          ? error
          : new TransportError('BAD_REQUEST', `the handshake cannot be made: ${(error as Error).message}`, error)
      queueMicrotask(() => this.failed(failure))
    }
  }

  get bufferedAmount(): number {
    return this.#outbox?.buffered ?? 0
  }

  takeTraffic(): { readonly sent: number; readonly received: number } {
    const sent = this.#outbox?.sent ?? this.#sent
    const traffic = { sent: sent - this.#taken, received: this.#received }
    this.#taken = sent
    this.#received = 0
    return traffic
  }

  send(data: string | Uint8Array): boolean {
    const outbox = this.#outbox
    if (this.state !== 'open' || outbox === undefined) {
      throw new TransportError('SOCKET_CLOSED', `the connection is ${this.state}: nothing can be sent`)
    }
    const first = FIN | (typeof data === 'string' ? TEXT : BINARY)
    const compressed = this.#deflate && deflateMessage(data, this.#deflate.clientWindowBits)
    return compressed === undefined ? outbox.write(first, data) : outbox.write(first | RSV1, compressed)
  }

  drained(): Promise<void> {
    return this.#outbox?.drained() ?? Promise.resolve()
  }

  ping(): void {
    if (this.state !== 'open') return
    this.#outbox?.write(FIN | PING, this.#pingsAndPongs.ping(this.#shared.now()))
  }

  close(code = NORMAL_CLOSURE, reason = ''): void {
    const text = Buffer.from(reason)
    if (!isCloseCode(code) || text.length > MAX_CONTROL - 2) {
      throw new TransportError('BAD_REQUEST', `cannot close with the code ${code} and a reason of ${text.length} B`)
    }
    if (this.state === 'connecting') {
      this.#end('us', undefined)
    } else if (this.state === 'open') {
      this.#by = 'us'
      this.#beginClosing(closePayload(code, text))
      this.resume()
    }
  }

  cut(): void {
    if (this.state !== 'closed') this.#end('cut', undefined)
  }

  pause(): void {
    if (this.#paused || this.state === 'closing' || this.state === 'closed') return
    this.#paused = true
    if (this.#parser === undefined) return
    this.#parser.stopped = true
    this.#socket?.pause()
  }

  resume(): void {
    const parser = this.#parser
    if (!this.#paused) return
    this.#paused = false
    if (parser === undefined) return
    parser.stopped = false
    if (!this.#reading && this.#held.length > 0) {
      const held = this.#held
      this.#held = nothing
      this.#at = this.#shared.now()
      this.#feed(parser, held, 0, held.length)
    }
    if (!this.#paused) this.#socket?.resume()
  }

  reached(socket: Socket): void {
    this.#socket = socket
    this.#shared.openConnections++
    socket.on('error', (error) => {
      this.#error ??= exchangeFailure(error)
    })
    socket.on('end', () => this.#lost())
    socket.on('close', () => this.#lost())
  }

  failed(error: TransportError): void {
    if (this.state === 'closed') return
    if (this.#outbox !== undefined && this.state === 'open') {
      this.#outbox.write(FIN | CLOSE, closePayload(closeCodeOf(error.code), nothing))
    }
    this.#end(this.state === 'closing' ? this.#by : 'failure', error)
  }

  received(count: number, octets: Uint8Array): boolean {
    if (this.state === 'closed') return true
    const bytes = Buffer.isBuffer(octets) ? octets : Buffer.from(octets.buffer, octets.byteOffset, octets.length)
    this.#at = this.#shared.now()
    let start = 0
    if (this.#opening !== undefined) {
      start = this.#readHandshake(this.#opening, bytes, count)
      if (start < 0) return true
    }
    this.#received += count - start
    if (this.#held.length > 0) this.#held = Buffer.concat([this.#held, bytes.subarray(start, count)])
    else if (this.#parser !== undefined) this.#feed(this.#parser, bytes, start, count)
    return true
  }

  messageRead(data: string | Uint8Array): void {
    this.#listener.message(data, this.#at)
  }

  /** Who does not take what is sent gets no pongs either: they would pile up, and only the last one matters. */
  pingRead(payload: Buffer): void {
    this.#pingsAndPongs.came(this.#at)
    const outbox = this.#outbox
    if (this.state === 'open' && outbox !== undefined && outbox.buffered === 0) outbox.write(FIN | PONG, payload)
  }

  pongRead(payload: Buffer): void {
    this.#pingsAndPongs.came(this.#at)
    const roundTrip = this.#pingsAndPongs.answered(payload, this.#at)
    if (roundTrip !== undefined) this.#listener.pong(roundTrip)
  }

  closeRead(code: number, reason: string): void {
    const parser = this.#parser
    if (parser === undefined) return
    parser.stopped = true
    this.#code = code
    this.#reason = reason
    if (parser.isAmidst) this.#loss = new TransportError('CONNECTION_CLOSED', 'closed in the middle of a message')
    if (this.state === 'open') {
      this.#by = 'peer'
      this.#beginClosing(code === NO_CODE ? nothing : closePayload(code, nothing))
    }
  }

  expire(): void {
    const { closeTimeout } = this.#settings
    const error =
      this.#code === NO_CLOSE_FRAME
        ? new TransportError('TIMEOUT_CLOSE', `the server did not answer the close frame within ${closeTimeout} ms`)
        : this.#loss
    this.#end(this.#by, error)
  }

  get #pingsAndPongs(): Controls {
    return (this.#controls ??= new Controls(this.#settings.maxControlFrames))
  }

  get #shared(): ClientShared {
    return this.#dialer.shared
  }

  #readHandshake(opening: Opening, bytes: Buffer, count: number): number {
    try {
      const start = opening.read(bytes, count)
      if (start >= 0) this.#opened(opening)
      return this.#parser === undefined ? -1 : start
    } catch (error) {
      this.#giveUp(error)
      return -1
    }
  }

  #opened(opening: Opening): void {
    const { agreement } = opening
    const socket = this.#socket
    if (agreement === undefined || socket === undefined) return
    opening.end()
    this.#opening = undefined
    this.#deflate = agreement.deflate
    const inflater = agreement.deflate && new Inflater(agreement.deflate.serverWindow)
    this.#parser = new FrameParser(this, this.#settings, inflater)
    this.#outbox = new Outbox(socket, 'encrypted' in socket)
    this.state = 'open'
    if (this.#paused) {
      this.#paused = false
      this.pause()
    }
    this.#listener.opened(opening.times(this.#at), agreement.subprotocol)
  }

  #feed(parser: FrameParser, bytes: Buffer, start: number, end: number): void {
    this.#reading = true
    try {
      const pos = parser.feed(bytes, start, end)
      if (this.#parser === parser && pos < end && this.#paused) this.#held = Buffer.from(bytes.subarray(pos, end))
    } catch (error) {
      this.#giveUp(error)
    } finally {
      this.#reading = false
    }
  }

  /** What a peer does wrong costs this connection; what throws otherwise is a defect, and shall be seen. */
  #giveUp(error: unknown): void {
    if (!(error instanceof TransportError)) throw error
    this.failed(error)
  }

  #beginClosing(payload: Buffer): void {
    this.#outbox?.write(FIN | CLOSE, payload)
    this.state = 'closing'
    this.expires = millis(this.#shared.now() + this.#settings.closeTimeout)
    this.#shared.deadlines.add(this)
  }

  /** The server has ended its side, or all of the TCP connection is gone. */
  #lost(): void {
    if (this.state === 'closed') return
    if (this.state === 'closing' && this.#code !== NO_CLOSE_FRAME) {
      this.#end(this.#by, this.#loss)
      return
    }
    const when = this.#parser === undefined ? 'instead of answering the handshake' : 'without a close frame'
    const error = this.#error ?? new TransportError('CONNECTION_CLOSED', `the server closed the connection ${when}`)
    this.#end(this.state === 'connecting' ? 'failure' : this.#by, error)
  }

  /** Nothing is kept of a connection that has ended: a user may hold on to it. */
  #end(by: SocketClose['by'], error: TransportError | undefined): void {
    const socket = this.#socket
    this.state = 'closed'
    this.#opening?.cancel()
    this.#opening = undefined
    this.#shared.deadlines.remove(this)
    if (this.#parser !== undefined) this.#parser.stopped = true
    this.#parser = undefined
    this.#controls = undefined
    this.#held = nothing
    if (socket !== undefined) {
      this.#shared.openConnections--
      if (by === 'cut' && !('encrypted' in socket)) socket.resetAndDestroy()
      else socket.destroy()
    }
    this.#socket = undefined
    if (this.#outbox !== undefined) this.#sent = this.#outbox.sent
    this.#outbox?.release()
    this.#outbox = undefined
    this.#listener.closed({ code: this.#code, reason: this.#reason, by, error })
  }
}

function closePayload(code: number, reason: Buffer): Buffer {
  const payload = Buffer.allocUnsafe(2 + reason.length)
  payload.writeUInt16BE(code)
  reason.copy(payload, 2)
  return payload
}
