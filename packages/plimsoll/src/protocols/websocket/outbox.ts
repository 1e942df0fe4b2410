import type { Socket } from 'node:net'
import { QuickWriter } from '../http1/quick-write.ts'
import { longFrame, shortFrame } from './frame-writer.ts'

/** More than this waiting, and whoever sends should too. */
const HIGH_WATER = 64 * 1024

/** One for all connections of a thread: what it keeps between writes belongs to none of them. */
const writer = new QuickWriter()

/** What goes out on one connection. */
export class Outbox {
  /** Octets of frames handed over so far. */
  sent = 0
  readonly #socket: Socket
  readonly #secure: boolean
  /** Octets that went past the stream and that the system has not taken. */
  #pending = 0
  #waiting: (() => void)[] | undefined

  constructor(socket: Socket, secure: boolean) {
    this.#socket = socket
    this.#secure = secure
  }

  get buffered(): number {
    return this.#pending + this.#socket.writableLength
  }

  /** False when the system does not keep up. */
  write(first: number, payload: string | Uint8Array): boolean {
    const frame = shortFrame(first, payload) ?? longFrame(first, payload)
    this.sent += frame.length
    if (typeof frame !== 'string') this.#socket.write(frame)
    else if (this.#secure || !this.#writeQuickly(frame)) this.#socket.write(frame, 'latin1')
    return this.buffered <= HIGH_WATER
  }

  drained(): Promise<void> {
    if (this.buffered === 0) return Promise.resolve()
    if (this.#waiting === undefined) {
      this.#waiting = []
      if (this.#socket.writableLength > 0) this.#socket.write('', () => this.#taken())
    }
    return new Promise((resolve) => this.#waiting?.push(resolve))
  }

  /** Nothing will be taken any more. */
  release(): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    for (const resolve of waiting ?? []) resolve()
  }

  #writeQuickly(frame: string): boolean {
    const taken = writer.write(this.#socket, frame, (status) => {
      this.#pending -= frame.length
      if (status < 0) this.#socket.destroy()
      else this.#taken()
    })
    if (taken === false) this.#pending += frame.length
    return taken !== undefined
  }

  #taken(): void {
    if (this.buffered === 0) this.release()
    else if (this.#waiting !== undefined && this.#pending === 0) this.#socket.write('', () => this.#taken())
  }
}
