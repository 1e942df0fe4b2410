import { type Millis, millis, shortest } from '../../base/units.ts'
import { createBody, type OutgoingBody } from './body.ts'
import type { Cookies } from './cookies.ts'
import type { Expiring } from './deadlines.ts'
import { TransportError } from './exchange.ts'
import { type Fields, fieldLines, readFields } from './fields.ts'
import { isRedirect } from './redirect.ts'
import type { Slot } from './slot.ts'
import { basicAuth, needsLength, type Target, type Targets } from './target.ts'
import type { Answer, RequestInput } from './types.ts'

/** Who started a hop, and is told of its end. */
export interface HopOwner {
  readonly targets: Targets
  readonly cookies: Cookies | undefined
  /** Exactly one of `answer` and `error` is there. */
  ended(hop: Hop, answer: Answer | undefined, error: TransportError | undefined): void
}

/** Where a hop is: in a queue, on a connection, on a stream. */
export interface Carrier {
  /** Gives the hop up. It has ended already; the carrier only cleans up. */
  drop(hop: Hop): void
  /** A server that was asked with `Expect` has been silent long enough. */
  continueAnyway(hop: Hop): void
}

/** Ways to the one origin of a hop. */
export interface Channel {
  submit(hop: Hop, now: Millis): void
  /** Ends every exchange with this error and every connection. */
  shut(error: TransportError): void
}

/** How long to wait for `100 Continue`: a server need not know the expectation (RFC 9110 §10.1.1). */
const CONTINUE_PATIENCE = millis(1000)

const idempotent: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE'])

/** Called with the hop's own token beside the outcome. */
export type Settle = (answer: Answer, token: unknown) => void
export type Refuse = (reason: unknown, token: unknown) => void

/** One exchange under way: a request, or one stop on the way of a redirected one. */
export class Hop implements Expiring {
  position = -1
  done = false
  /** It has been sent again, on a fresh connection; it will not be a third time. */
  resent = false
  awaitingContinue = false
  carrier: Carrier | undefined = undefined
  body: OutgoingBody | undefined = undefined
  own: Fields | undefined = undefined
  authorization: string | undefined = undefined
  /** A redirect has led to another origin: no credentials go along. */
  crossed = false
  /** How many redirects the request may follow; with 0 a redirect is an answer like any other. */
  redirects: number
  followed = 0
  receive: RequestInput['receive']
  answered: RequestInput['answered']
  /** What the request rejects with instead of the transport error: the plan's own. */
  rejection: unknown = undefined
  /** What the answer's head had, of what the client acts on. */
  setsCookie = false
  hasLocation = false
  readonly owner: HopOwner
  #target: Target | undefined = undefined
  readonly slot: Slot
  readonly token: unknown
  readonly resolve: Settle
  readonly reject: Refuse

  constructor(owner: HopOwner, slot: Slot, token: unknown, resolve: Settle, reject: Refuse) {
    this.owner = owner
    this.slot = slot
    this.token = token
    this.resolve = resolve
    this.reject = reject
    this.redirects = owner.targets.settings.redirects
  }

  get target(): Target {
    return this.#target as Target
  }

  aim(target: Target): void {
    this.#target = target
    this.slot.url = target.url
  }

  /** Nothing of the answer concerns the client. */
  get receivedPlain(): boolean {
    return !this.setsCookie && !this.hasLocation
  }

  /** @throws {TransportError} BAD_REQUEST, REQUEST_BODY_FAILED */
  readInput(input: RequestInput): void {
    if (input.headers !== undefined) this.own = readFields(input.headers)
    if (input.auth !== undefined) this.authorization = authorizationOf(input.auth)
    if (input.redirects !== undefined) this.redirects = input.redirects
    this.receive = input.receive === 'buffer' ? undefined : input.receive
    this.answered = input.answered
    this.body = createBody(input)
  }

  get expires(): Millis {
    return this.slot.expires
  }

  /** May it be sent again when its kept-alive connection was found closed? Browsers' rule: RFC 9110 §9.2.2. */
  get mayResend(): boolean {
    return !this.resent && idempotent.has(this.target.method) && this.body?.replayable !== false
  }

  get expectsContinue(): boolean {
    return this.body !== undefined && this.own?.get('expect')?.toLowerCase() === '100-continue'
  }

  /** Whether an answer is to be followed, not handed over. */
  leadsOn(status: number, hasLocation: boolean): boolean {
    return hasLocation && this.redirects > 0 && isRedirect(status)
  }

  /** A connection begins to be made for it. */
  connecting(now: Millis): void {
    const { slot } = this
    slot.connectStart = now
    slot.expires = shortest(slot.totalBy, millis(now + this.owner.targets.settings.timeout.connect))
  }

  /** The last octet of the request has been handed to the system. */
  sent(now: Millis): void {
    const { slot } = this
    slot.sendEnd = now
    slot.expires = shortest(slot.totalBy, millis(now + this.owner.targets.settings.timeout.firstByte))
  }

  awaitContinue(now: Millis): void {
    this.awaitingContinue = true
    this.slot.expires = shortest(this.slot.totalBy, millis(now + CONTINUE_PATIENCE))
  }

  expire(now: Millis): void {
    const { slot } = this
    const { timeout } = this.owner.targets.settings
    if (now >= slot.totalBy) {
      this.giveUp(new TransportError('TIMEOUT_TOTAL', `no whole answer after ${Math.round(now - slot.askedAt)} ms`))
    } else if (slot.connectStart > 0 && slot.sendStart === 0) {
      this.giveUp(new TransportError('TIMEOUT_CONNECT', `no connection within ${timeout.connect} ms`))
    } else if (this.awaitingContinue) {
      slot.expires = slot.totalBy
      this.carrier?.continueAnyway(this)
    } else if (slot.sendEnd > 0 && slot.firstByte === 0) {
      this.giveUp(new TransportError('TIMEOUT_FIRST_BYTE', `no first byte within ${timeout.firstByte} ms`))
    } else {
      slot.expires = slot.totalBy
    }
  }

  /** Ends it from outside, wherever it is. */
  giveUp(error: TransportError): void {
    if (this.done) return
    const { carrier } = this
    this.fail(error)
    carrier?.drop(this)
  }

  fail(error: TransportError): void {
    this.#end(undefined, error)
  }

  succeed(answer: Answer): void {
    this.#end(answer, undefined)
  }

  #end(answer: Answer | undefined, error: TransportError | undefined): void {
    if (this.done) return
    this.done = true
    this.carrier = undefined
    this.owner.ended(this, answer, error)
  }

  /** The whole head of an HTTP/1.1 request. */
  headText(): string {
    const { target, own, body } = this
    const { common, settings } = this.owner.targets
    const cookie = settings.cookies ? (this.owner.cookies?.headerFor(target.url) ?? '') : ''
    const authorization = this.authorization ?? target.authorization
    if (own === undefined && !this.crossed && authorization === undefined && !common.has('content-type')) {
      if (body === undefined)
        return cookie === '' ? target.head : `${target.lines}cookie: ${cookie}\r\n${lengthLine(target)}\r\n`
      const framing = body.length === undefined ? 'transfer-encoding: chunked' : `content-length: ${body.length}`
      const type = body.type === undefined ? '' : `content-type: ${body.type}\r\n`
      return `${target.lines}${cookie === '' ? '' : `cookie: ${cookie}\r\n`}${type}${framing}\r\n\r\n`
    }
    const fields = this.fields()
    if (body !== undefined && body.length === undefined) fields.set('transfer-encoding', 'chunked')
    return `${target.method} ${target.path} HTTP/1.1\r\n${fieldLines(fields)}\r\n`
  }

  /** All header fields, but for a transfer coding. What the request states beats what all requests have in common. */
  fields(): Map<string, string> {
    const { target, own, body, owner } = this
    const { common, commonPublic, settings } = owner.targets
    const fields = new Map([['host', target.origin.authority]])
    if (body?.type !== undefined) fields.set('content-type', body.type)
    const authorization = this.authorization ?? target.authorization
    for (const [name, value] of this.crossed ? commonPublic : common) fields.set(name, value)
    if (authorization !== undefined) fields.set('authorization', authorization)
    for (const [name, value] of own ?? []) fields.set(name, value)
    const cookie = settings.cookies ? owner.cookies?.headerFor(target.url) : undefined
    if (cookie) fields.set('cookie', fields.has('cookie') ? `${fields.get('cookie')}; ${cookie}` : cookie)
    if (body?.length !== undefined) fields.set('content-length', String(body.length))
    else if (body === undefined && needsLength(target.method)) fields.set('content-length', '0')
    return fields
  }
}

const lengthLine = (target: Target) => (needsLength(target.method) ? 'content-length: 0\r\n' : '')

function authorizationOf(auth: NonNullable<RequestInput['auth']>): string {
  const value = 'bearer' in auth ? `Bearer ${auth.bearer}` : basicAuth(auth.username, auth.password)
  return readFields({ authorization: value }).get('authorization') ?? ''
}
