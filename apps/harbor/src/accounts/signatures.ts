import { Worker } from 'node:worker_threads'
import type { Gate } from '../resilience/gate.ts'

/** What the worker is asked, and answers with the address or undefined. */
export interface SignedText {
  readonly message: string
  readonly signature: string
}

/** Beside this file in `src/`, and beside the bundle in `dist/`. */
const program = new URL(`./signature-worker.${import.meta.url.endsWith('.ts') ? 'mjs' : 'js'}`, import.meta.url)

/**
 * Finds who signed on a thread of its own, one signature at a time: the curve's arithmetic takes milliseconds in which
 * nobody else's request would be served. The thread begins with the first wallet, and keeps no process alive.
 */
export class Signatures {
  readonly #gate: Gate
  #worker: Worker | undefined
  #turn: Promise<unknown> = Promise.resolve()

  /** @param gate that of all sign-ins, which refuses when too many wait */
  constructor(gate: Gate) {
    this.#gate = gate
  }

  /** @throws {HttpError} 503 when too many sign-ins wait */
  signerOf(signed: SignedText): Promise<string | undefined> {
    return this.#gate.run(() => {
      const mine = this.#turn.then(() => this.#ask(signed))
      this.#turn = mine.catch(() => undefined)
      return mine
    })
  }

  async close(): Promise<void> {
    await this.#worker?.terminate()
  }

  #ask(signed: SignedText): Promise<string | undefined> {
    this.#worker ??= this.#start()
    const worker = this.#worker
    return new Promise((resolve, reject) => {
      const fail = () => reject(new Error('the thread that checks signatures ended'))
      worker.once('exit', fail)
      worker.once('message', (address: string | undefined) => {
        worker.off('exit', fail)
        resolve(address)
      })
      worker.postMessage(signed)
    })
  }

  #start(): Worker {
    const worker = new Worker(program)
    worker.on('error', () => undefined)
    worker.once('exit', () => {
      if (this.#worker === worker) this.#worker = undefined
    })
    worker.unref()
    return worker
  }
}
