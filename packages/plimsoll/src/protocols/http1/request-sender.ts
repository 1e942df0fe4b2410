import type { Socket } from 'node:net'
import type { Millis } from '../../base/units.ts'
import type { Route } from '../http/dial.ts'
import type { TransportError } from '../http/exchange.ts'
import type { Hop } from '../http/hop.ts'
import { QuickWriter } from './quick-write.ts'
import { upload } from './upload.ts'

/** Longer request bodies are sent apart from their head instead of being copied behind it. */
const JOINED_BODY = 16 * 1024

/** Every connection's: of a write that the system took at once nothing is left. */
const writer = new QuickWriter()

/** Whose requests are sent. */
export interface SendingConnection {
  /** False once the exchange is over, whatever it came to: then nothing more of it is to be sent or told. */
  carries(hop: Hop): boolean
  /** The body could not be had, or not be sent. */
  sendingFailed(error: TransportError): void
}

/** The sending half of an HTTP/1.1 connection: head and body of one request at a time, in as few writes as it takes. */
export class RequestSender {
  /** The whole request has been handed over. */
  sent = true
  readonly #route: Route
  readonly #connection: SendingConnection

  constructor(route: Route, connection: SendingConnection) {
    this.#route = route
    this.#connection = connection
  }

  /** The head, and the body with it unless the server is asked first (RFC 9110 §10.1.1). */
  send(hop: Hop, socket: Socket, now: Millis): void {
    const { slot, body } = hop
    const head = hop.headText()
    slot.sendStart = now
    if (body === undefined) {
      this.#sendShort(hop, socket, head)
    } else if (hop.expectsContinue) {
      slot.bytesSent += head.length
      this.sent = false
      socket.write(head, 'latin1')
      hop.awaitContinue(now)
    } else if (typeof body.content === 'string' && body.content.length <= JOINED_BODY) {
      this.#sendShort(hop, socket, head + body.content)
    } else {
      slot.bytesSent += head.length
      socket.cork()
      socket.write(head, 'latin1')
      this.sendBody(hop, socket)
      socket.uncork()
    }
  }

  sendBody(hop: Hop, socket: Socket): void {
    const { content = '', length } = hop.body ?? {}
    if (typeof content !== 'function') {
      hop.slot.bytesSent += content.length
      if (typeof content === 'string') socket.write(content, 'latin1')
      else socket.write(content)
      this.#flushed(hop, socket)
      return
    }
    this.sent = false
    const over = () => !this.#connection.carries(hop)
    const count = (bytes: number) => {
      hop.slot.bytesSent += bytes
    }
    upload(socket, content(), length, over, count).then(
      () => {
        if (!over()) this.#flushed(hop, socket)
      },
      (error: TransportError) => {
        if (!over()) this.#connection.sendingFailed(error)
      },
    )
  }

  #sendShort(hop: Hop, socket: Socket, text: string): void {
    hop.slot.bytesSent += text.length
    const taken = this.#route.origin.secure
      ? undefined
      : writer.write(socket, text, (status) => {
          if (status < 0) socket.destroy()
          else this.#flushedNow(hop)
        })
    if (taken === undefined) {
      socket.write(text, 'latin1')
      this.#handedOver(hop, socket)
    } else {
      this.sent = taken
      if (taken) hop.sent(this.#route.shared.now())
    }
  }

  /** Small writes nearly always reach the system at once; then there is nothing to wait for. */
  #handedOver(hop: Hop, socket: Socket): void {
    if (socket.writableLength === 0) {
      this.sent = true
      hop.sent(this.#route.shared.now())
    } else {
      this.#flushed(hop, socket)
    }
  }

  #flushed(hop: Hop, socket: Socket): void {
    this.sent = false
    socket.write('', () => this.#flushedNow(hop))
  }

  #flushedNow(hop: Hop): void {
    if (!this.#connection.carries(hop)) return
    this.sent = true
    hop.sent(this.#route.shared.now())
  }
}
