import { unavailable } from '../http/http-error.ts'

interface Options {
  readonly atOnce: number
  /** How many may wait; above that they are refused. */
  readonly waiting: number
  /** Of what there are too many, for people. */
  readonly what: string
}

/** Lets a few through at a time, and the others wait in line. */
export class Gate {
  readonly #options: Options
  #inside = 0
  readonly #line: (() => void)[] = []

  constructor(options: Options) {
    this.#options = options
  }

  /** @throws {HttpError} 503 when the line is full */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#inside < this.#options.atOnce) this.#inside += 1
    else await this.#wait()
    try {
      return await work()
    } finally {
      const next = this.#line.shift()
      // The place is handed on, so that nobody who comes in between takes it.
      if (next) next()
      else this.#inside -= 1
    }
  }

  async #wait(): Promise<void> {
    const { waiting, what } = this.#options
    if (this.#line.length >= waiting) throw unavailable(`Too many ${what} wait here.`)
    await new Promise<void>((resolve) => this.#line.push(resolve))
  }
}
