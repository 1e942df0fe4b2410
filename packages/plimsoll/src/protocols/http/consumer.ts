import { pipeline, Readable } from 'node:stream'
import { createDecoders, decodeFailure } from './decode.ts'

/** Octets that may wait for a slow consumer before its connection is no longer read. */
const HIGH_WATER = 256 * 1024

type Receive = (piece: Uint8Array) => void | Promise<void>

/** Hands a body to a plan's function piece by piece, decoded, waiting for it, and holding the connection back. */
export class BodyConsumer {
  /** Settles when the function has had every piece; rejects with what it threw, or a TransportError from decoding. */
  readonly done: Promise<void>
  readonly #receive: Receive
  readonly #contentEncoding: string
  readonly #hold: (hold: boolean) => void
  readonly #pieces: Buffer[] = []
  #waiting = 0
  #held = false
  #ended = false
  #wake: () => void = () => {}

  /** @param hold stops and restarts reading */
  constructor(receive: Receive, contentEncoding: string, hold: (hold: boolean) => void) {
    this.#receive = receive
    this.#contentEncoding = contentEncoding
    this.#hold = hold
    this.done = this.#run()
  }

  push(piece: Buffer): void {
    this.#pieces.push(piece)
    this.#waiting += piece.length
    if (!this.#held && this.#waiting > HIGH_WATER) {
      this.#held = true
      this.#hold(true)
    }
    this.#wake()
  }

  end(): void {
    this.#ended = true
    this.#wake()
  }

  /** No more pieces are wanted. */
  cancel(): void {
    this.#pieces.length = 0
    this.end()
  }

  async #run(): Promise<void> {
    const pieces = this.#take()
    if (this.#contentEncoding === '') {
      for await (const piece of pieces) await this.#receive(piece)
      return
    }
    const first = await pieces.next()
    if (first.done === true) return
    const decoders = createDecoders(this.#contentEncoding, first.value)
    const last = decoders.at(-1)
    const source = Readable.from(startingWith(first.value, pieces), { objectMode: false })
    if (last !== undefined) pipeline([source, ...decoders], () => {})
    const decoded = (last ?? source)[Symbol.asyncIterator]()
    for (;;) {
      const piece = await decoded.next().catch((error: unknown) => {
        throw decodeFailure(error, this.#contentEncoding, 0)
      })
      if (piece.done === true) return
      await this.#receive(piece.value)
    }
  }

  async *#take(): AsyncGenerator<Buffer, void, undefined> {
    for (;;) {
      for (let piece = this.#pieces.shift(); piece !== undefined; piece = this.#pieces.shift()) {
        this.#waiting -= piece.length
        if (this.#held && this.#waiting <= HIGH_WATER / 2) {
          this.#held = false
          this.#hold(false)
        }
        yield piece
      }
      if (this.#ended) return
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }
}

async function* startingWith<T>(first: T, rest: AsyncIterable<T>): AsyncGenerator<T> {
  yield first
  yield* rest
}
