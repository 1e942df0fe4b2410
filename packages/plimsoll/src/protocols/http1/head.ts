import { TransportError } from '../http/exchange.ts'
import { COLON, CR, DEL, HT, LF, SP, spells, TOKEN, VALUE } from './octets.ts'

/** Folded lines are obsolete; a few are unfolded, more are somebody's attack on our patience. */
const MAX_FOLDS = 64
/** 15 digits stay below the largest exact integer. */
const MAX_LENGTH_DIGITS = 15

/**
 * The lines of one response head. Only what decides framing and what the client acts on is looked at; everything else
 * is checked for form and left as octets. Strict where leniency lets two readers disagree: lines end in CRLF, no space
 * before a colon, no control characters, one plain Content-Length, no transfer coding but exactly `chunked`.
 * Folded field lines are unfolded in place, as RFC 9112 §5.2 demands of a user agent.
 */
export class ResponseHead {
  /** 0 until the status line has been read. */
  status = 0
  minorVersion = 1
  /** -1 when there is none. */
  contentLength = -1
  chunked = false
  close = false
  keepAlive = false
  encoded = false
  setsCookie = false
  hasLocation = false
  /** Position behind the blank line; -1 until it has been read. */
  end = -1
  #folds = 0
  /** How much of a cut line has been read already, so that octets which trickle are not read again and again. */
  #scanned = 0
  /** Where a cut line's name ended, from the line's start; 0 when it has not. */
  #nameLength = 0

  reset(): void {
    this.status = 0
    this.contentLength = -1
    this.chunked = false
    this.close = false
    this.keepAlive = false
    this.encoded = false
    this.setsCookie = false
    this.hasLocation = false
    this.end = -1
    this.#folds = 0
    this.#scanned = 0
    this.#nameLength = 0
  }

  /**
   * Reads whole lines from `pos` on and returns the start of the first line that is not there in full. Done when
   * `this.end` is set.
   * @throws {TransportError} MALFORMED_STATUS_LINE, MALFORMED_HEADER, MALFORMED_LENGTH
   */
  readLines(bytes: Uint8Array, start: number, end: number): number {
    let pos = start
    if (this.status === 0) {
      pos = this.#statusLine(bytes, pos, end)
      if (pos < 0) return start
    }
    while (pos < end) {
      if (bytes[pos] === CR) {
        if (pos + 1 >= end) return pos
        if (bytes[pos + 1] !== LF) throw malformed('a bare CR')
        this.end = pos + 2
        return this.end
      }
      const next = this.#fieldLine(bytes, pos, end)
      if (next < 0) return pos
      pos = next
    }
    return pos
  }

  /** `HTTP/1.1 200 OK`; the reason is optional, and so is the space before it (RFC 9112 §4). */
  #statusLine(bytes: Uint8Array, start: number, end: number): number {
    const known = Math.min(end - start, 7)
    for (let i = 0; i < known; i++) {
      if (bytes[start + i] !== 'HTTP/1.'.charCodeAt(i)) throw notHttp(bytes, start, end)
    }
    if (end - start < 13) return -1
    const minor = bytes[start + 7]! - 0x30
    const status = digits3(bytes, start + 9)
    if ((minor !== 0 && minor !== 1) || bytes[start + 8] !== SP || status < 100) throw notHttp(bytes, start, end)
    if (bytes[start + 12] !== SP && bytes[start + 12] !== CR) throw notHttp(bytes, start, end)
    let pos = start + Math.max(12, this.#scanned)
    while (pos < end && VALUE[bytes[pos]!] === 1) pos++
    if (pos + 1 >= end) {
      if (pos < end && bytes[pos] !== CR) throw notHttp(bytes, start, end)
      this.#scanned = pos - start
      return -1
    }
    if (bytes[pos] !== CR || bytes[pos + 1] !== LF) throw notHttp(bytes, start, end)
    this.#scanned = 0
    this.status = status
    this.minorVersion = minor
    return pos + 2
  }

  #fieldLine(bytes: Uint8Array, start: number, end: number): number {
    let pos = start + this.#scanned
    let nameEnd = start + this.#nameLength
    if (nameEnd === start) {
      while (pos < end && TOKEN[bytes[pos]!] === 1) pos++
      if (pos >= end) return this.#cut(start, start, pos)
      if (bytes[pos] !== COLON || pos === start) throw malformed('a line that is no field')
      nameEnd = pos++
    }
    for (;;) {
      pos = endOfValue(bytes, pos, end)
      if (pos >= end) return this.#cut(start, nameEnd, pos)
      if (bytes[pos] !== CR) throw malformed('a control character or a bare LF')
      if (pos + 1 >= end) return this.#cut(start, nameEnd, pos)
      if (bytes[pos + 1] !== LF) throw malformed('a bare CR')
      if (pos + 2 >= end) return this.#cut(start, nameEnd, pos)
      const after = bytes[pos + 2]
      if (after !== SP && after !== HT) break
      if (++this.#folds > MAX_FOLDS) throw malformed(`more than ${MAX_FOLDS} folded lines`)
      bytes[pos++] = SP
      bytes[pos++] = SP
    }
    this.#scanned = 0
    this.#nameLength = 0
    this.#field(bytes, start, nameEnd, pos)
    return pos + 2
  }

  /** The line goes on in octets that have not arrived; remembers where to read on. */
  #cut(start: number, nameEnd: number, pos: number): number {
    this.#nameLength = nameEnd - start
    this.#scanned = pos - start
    return -1
  }

  #field(bytes: Uint8Array, start: number, nameEnd: number, end: number): void {
    switch (nameEnd - start) {
      case 8:
        if (spells(bytes, start, 'location')) this.hasLocation = true
        return
      case 10:
        if (spells(bytes, start, 'connection')) this.#connection(bytes, nameEnd, end)
        else if (spells(bytes, start, 'set-cookie')) this.setsCookie = true
        return
      case 14:
        if (spells(bytes, start, 'content-length')) this.#contentLength(bytes, nameEnd + 1, end)
        return
      case 16:
        if (spells(bytes, start, 'content-encoding')) this.encoded = true
        return
      case 17:
        if (spells(bytes, start, 'transfer-encoding')) this.#transferEncoding(fieldValue(bytes, nameEnd, end))
    }
  }

  #contentLength(bytes: Uint8Array, from: number, to: number): void {
    let start = from
    let end = to
    while (start < end && isBlank(bytes[start]!)) start++
    while (end > start && isBlank(bytes[end - 1]!)) end--
    if (end === start || end - start > MAX_LENGTH_DIGITS) throw malformedLength(bytes, start, end)
    let length = 0
    for (let i = start; i < end; i++) {
      const digit = bytes[i]! - 0x30
      if (digit < 0 || digit > 9) throw malformedLength(bytes, start, end)
      length = length * 10 + digit
    }
    if (this.contentLength >= 0 && this.contentLength !== length) {
      throw new TransportError('MALFORMED_LENGTH', `two different content lengths: ${this.contentLength} and ${length}`)
    }
    this.contentLength = length
  }

  #transferEncoding(value: string): void {
    if (value !== 'chunked' || this.chunked) {
      throw new TransportError('MALFORMED_LENGTH', `a transfer coding other than chunked: ${JSON.stringify(value)}`)
    }
    if (this.minorVersion === 0) throw new TransportError('MALFORMED_LENGTH', 'a chunked answer in HTTP/1.0')
    this.chunked = true
  }

  /** Nearly every server says the same two words; a list of options is taken apart only when there is one. */
  #connection(bytes: Uint8Array, nameEnd: number, end: number): void {
    const start = bytes[nameEnd + 1] === SP ? nameEnd + 2 : nameEnd + 1
    if (end - start === 10 && spells(bytes, start, 'keep-alive')) {
      this.keepAlive = true
      return
    }
    for (const option of fieldValue(bytes, nameEnd, end).split(',')) {
      const name = option.trim()
      if (name === 'close') this.close = true
      else if (name === 'keep-alive') this.keepAlive = true
    }
  }
}

/** The first octet that no value may have. Comparing is faster than a table here, where most of a head's octets are. */
function endOfValue(bytes: Uint8Array, start: number, end: number): number {
  let pos = start
  while (pos < end) {
    const octet = bytes[pos]!
    if (octet < SP ? octet !== HT : octet === DEL) break
    pos++
  }
  return pos
}

const isBlank = (octet: number) => octet === SP || octet === HT

const latin1 = (bytes: Uint8Array, start: number, end: number) =>
  Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1')

const fieldValue = (bytes: Uint8Array, nameEnd: number, end: number) =>
  latin1(bytes, nameEnd + 1, end)
    .replace(/^[ \t]+|[ \t]+$/g, '')
    .toLowerCase()

/** The number that three digits write; -1 when they are none. */
function digits3(bytes: Uint8Array, at: number): number {
  let number = 0
  for (let i = at; i < at + 3; i++) {
    const digit = bytes[i]! - 0x30
    if (digit < 0 || digit > 9) return -1
    number = number * 10 + digit
  }
  return number
}

const malformed = (what: string) => new TransportError('MALFORMED_HEADER', `the answer's head has ${what}`)

function malformedLength(bytes: Uint8Array, start: number, end: number): TransportError {
  const value = JSON.stringify(latin1(bytes, start, Math.min(end, start + 40)))
  return new TransportError('MALFORMED_LENGTH', `a content length that is no plain number: ${value}`)
}

function notHttp(bytes: Uint8Array, start: number, end: number): TransportError {
  const begin = JSON.stringify(latin1(bytes, start, Math.min(end, start + 40)))
  return new TransportError('MALFORMED_STATUS_LINE', `the answer does not begin as HTTP/1.1 does, but with ${begin}`)
}
