import { TransportError } from '../http/exchange.ts'
import { grown } from '../http/grown.ts'

export interface EventSink {
  /** The stream's last id, from now on; told before the event that has it, and where there is none. */
  identified(lastEventId: string): void
  event(type: string, data: string): void
  /** The server wants returns to wait this many milliseconds. */
  retry(delay: number): void
}

const LF = 0x0a
const CR = 0x0d
const nothing = Buffer.alloc(0)

/** Reads one event stream from octets that come in pieces of any size (WHATWG HTML §9.2.5 and §9.2.6). */
export class EventStreamParser {
  readonly #sink: EventSink
  readonly #limit: number
  #begun = false
  /** A line whose end has not arrived. */
  #cut: Buffer = nothing
  #cutLength = 0
  #afterReturn = false
  #type = ''
  /** Undefined until a line brings some, which may be empty. */
  #data: string | undefined
  #id: string

  /**
   * @param limit on one line, and on one event's data, in bytes and in characters
   * @param lastEventId of the stream that this one goes on from
   */
  constructor(sink: EventSink, limit: number, lastEventId: string) {
    this.#sink = sink
    this.#limit = limit
    this.#id = lastEventId
  }

  /** @throws {TransportError} MESSAGE_TOO_LARGE, and what the sink throws */
  feed(bytes: Buffer): void {
    let start = 0
    if (this.#afterReturn && bytes.length > 0) {
      this.#afterReturn = false
      if (bytes[0] === LF) start = 1
    }
    for (let pos = start; pos < bytes.length; pos++) {
      const octet = bytes[pos]
      if (octet !== LF && octet !== CR) continue
      this.#lineEnds(bytes, start, pos)
      if (octet === CR) {
        if (pos + 1 === bytes.length) this.#afterReturn = true
        else if (bytes[pos + 1] === LF) pos++
      }
      start = pos + 1
    }
    this.#gather(bytes, start)
  }

  #gather(bytes: Buffer, start: number): void {
    const more = bytes.length - start
    if (more === 0) return
    this.#checkLength(this.#cutLength + more)
    this.#cut = grown(this.#cut, this.#cutLength, more, this.#limit)
    bytes.copy(this.#cut, this.#cutLength, start)
    this.#cutLength += more
  }

  #lineEnds(bytes: Buffer, start: number, end: number): void {
    if (this.#cutLength === 0) {
      this.#checkLength(end - start)
      this.#line(bytes.toString('utf8', start, end))
      return
    }
    this.#gather(bytes.subarray(0, end), start)
    const line = this.#cut.toString('utf8', 0, this.#cutLength)
    this.#cut = nothing
    this.#cutLength = 0
    this.#line(line)
  }

  #line(text: string): void {
    const line = !this.#begun && text.startsWith('\ufeff') ? text.slice(1) : text
    this.#begun = true
    if (line === '') {
      this.#dispatch()
      return
    }
    const colon = line.indexOf(':')
    if (colon < 0) this.#field(line, '')
    else if (colon > 0) this.#field(line.slice(0, colon), line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1))
  }

  #field(name: string, value: string): void {
    if (name === 'data') {
      this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`
      this.#checkLength(this.#data.length)
    } else if (name === 'event') {
      this.#type = value
    } else if (name === 'id') {
      if (!value.includes('\0')) this.#id = value
    } else if (name === 'retry' && /^[0-9]+$/.test(value)) {
      this.#sink.retry(Number(value))
    }
  }

  #dispatch(): void {
    const type = this.#type
    const data = this.#data
    this.#type = ''
    this.#data = undefined
    this.#sink.identified(this.#id)
    if (data !== undefined) this.#sink.event(type === '' ? 'message' : type, data)
  }

  #checkLength(length: number): void {
    if (length > this.#limit) {
      throw new TransportError('MESSAGE_TOO_LARGE', `a line or an event is longer than ${this.#limit} B`)
    }
  }
}
