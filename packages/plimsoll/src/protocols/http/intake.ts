import { type HeaderPairs, ReceivedAnswer } from './answer.ts'
import { BodyConsumer } from './consumer.ts'
import { TransportError } from './exchange.ts'
import { grown } from './grown.ts'
import type { Hop } from './hop.ts'
import type { ClientSettings } from './types.ts'

/** Bodies up to this size get their room at once; longer ones as they come, so that an announcement costs nothing. */
const EARLY_ROOM = 64 * 1024

const KEEP = 0
const DISCARD = 1
const CONSUME = 2

const nothing = Buffer.alloc(0)

/**
 * Takes in one answer: keeps its body, counts it, or hands it to the plan's function, as the request wants it. Used
 * again for the next answer on the same connection.
 */
export class Intake {
  readonly #settings: ClientSettings
  readonly #hold: (hold: boolean) => void
  #status = 0
  #url = ''
  #encoded = false
  #mode = KEEP
  #pairs: HeaderPairs | undefined
  /** Head (HTTP/1) and body; as text, an octet a character, when a small answer arrived in one read. */
  #kept: Buffer | string = nothing
  #headLength = 0
  #keptLength = 0
  #wireLength = 0
  #most = 0
  #consumer: BodyConsumer | undefined

  /** @param hold stops and restarts reading from the connection */
  constructor(settings: ClientSettings, hold: (hold: boolean) => void) {
    this.#settings = settings
    this.#hold = hold
  }

  /**
   * The head has been read. Follow with `keepHead`, or `keepWhole`, or give the header `pairs`.
   * @param length of the body, -1 when it is not announced
   * @throws {TransportError} BODY_TOO_LARGE
   */
  begin(hop: Hop, status: number, encoded: boolean, length: number, pairs: HeaderPairs | undefined): void {
    const { maxBody, decompress } = this.#settings
    const { receive } = hop
    this.#status = status
    this.#url = hop.target.url
    this.#encoded = encoded && decompress
    this.#pairs = pairs
    this.#kept = nothing
    this.#headLength = 0
    this.#keptLength = 0
    this.#wireLength = 0
    this.#mode = KEEP
    if (receive !== undefined && !hop.leadsOn(status, hop.hasLocation)) {
      this.#mode = receive === 'discard' ? DISCARD : CONSUME
    } else if (length > maxBody) {
      throw tooLarge(maxBody)
    }
    this.#most = length >= 0 ? length : maxBody
  }

  get keepsBody(): boolean {
    return this.#mode === KEEP
  }

  /** Head and whole body, as octets in the shape of text. What `add` brings after it is already there. */
  keepWhole(message: string, headLength: number): void {
    this.#kept = message
    this.#headLength = headLength
    this.#keptLength = message.length
  }

  keepHead(bytes: Uint8Array, start: number, end: number, length: number): void {
    const room = this.#mode === KEEP && length > 0 ? Math.min(length, EARLY_ROOM) : 0
    const kept = Buffer.allocUnsafe(end - start + room)
    kept.set(bytes.subarray(start, end))
    this.#kept = kept
    this.#headLength = end - start
    this.#keptLength = end - start
    this.#most += this.#headLength
  }

  /**
   * Hands the body, from here on, to the function that the request named, if it did.
   * @throws what the request's `answered` throws
   */
  startConsumer(hop: Hop, failed: (error: unknown) => void): void {
    if (this.#mode !== CONSUME || typeof hop.receive !== 'function') return
    hop.answered?.(this.answer())
    const coding = this.#encoded ? (this.answer().headers.get('content-encoding') ?? '') : ''
    this.#consumer = new BodyConsumer(hop.receive, coding, this.#hold)
    this.#consumer.done.catch(failed)
  }

  /** @throws {TransportError} BODY_TOO_LARGE */
  add(bytes: Uint8Array, start: number, end: number): void {
    this.#wireLength += end - start
    if (typeof this.#kept === 'string') return
    if (this.#mode === KEEP) {
      const { maxBody } = this.#settings
      if (this.#wireLength > maxBody) throw tooLarge(maxBody)
      this.#kept = grown(this.#kept, this.#keptLength, end - start, this.#most)
      this.#kept.set(bytes.subarray(start, end), this.#keptLength)
      this.#keptLength += end - start
    } else if (this.#mode === CONSUME) {
      this.#consumer?.push(Buffer.copyBytesFrom(bytes, start, end - start))
    }
  }

  /** The answer has been received; undefined when nobody has to be waited for. */
  end(): Promise<void> | undefined {
    this.#consumer?.end()
    return this.#consumer?.done
  }

  cancel(): void {
    this.#consumer?.cancel()
    this.#consumer = undefined
  }

  /** The answer as it was taken in so far. */
  answer(): ReceivedAnswer {
    return new ReceivedAnswer(
      this.#status,
      this.#url,
      this.#pairs,
      this.#kept,
      this.#headLength,
      this.#keptLength,
      this.#wireLength,
      this.#encoded && this.#mode === KEEP ? this.#settings.maxBody : 0,
    )
  }

  /** Lets go of the answer. */
  clear(): void {
    this.#kept = nothing
    this.#pairs = undefined
    this.#consumer = undefined
  }
}

const tooLarge = (limit: number) => new TransportError('BODY_TOO_LARGE', `the body is longer than ${limit} B`)

/** Ends the exchange with its answer, or with what is wrong with the answer's body. */
export function deliver(hop: Hop, answer: ReceivedAnswer): void {
  const failure = answer.decode()
  if (failure === undefined) hop.succeed(answer)
  else hop.fail(failure)
}

/** What ends an exchange whose body the plan's function would not take, and what its request rejects with. */
export function consumerFailure(hop: Hop, error: unknown): TransportError {
  if (error instanceof TransportError) return error
  hop.rejection = error
  return new TransportError('ABORTED', 'the function that receives the body threw', error)
}
