import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { watchOver } from '../src/embedded-postgres/watchdog.ts'
import { eachLine, type Print } from './output.ts'

export interface ServiceOptions {
  readonly name: string
  readonly program: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly print: Print
  /** Whether it can be used now; asked again and again. May reject for "no". */
  readonly isReady: () => Promise<boolean>
  /** In milliseconds, from the signal to stop: when it is killed. */
  readonly patience: number
}

/** In milliseconds. */
const startTimeout = 60_000
const readyEvery = 50
const longestPause = 5_000
/** A process that ran for that long was sound: its next end is a first one. */
const soundAfter = 10_000

/** A program that is kept running: started again when it ends by itself, later and later while it ends at once. */
export class Service {
  readonly name: string
  readonly #options: ServiceOptions
  #child: ChildProcess | undefined
  #isWanted = false
  #failures = 0

  constructor(options: ServiceOptions) {
    this.name = options.name
    this.#options = options
  }

  /** Undefined while none runs. */
  get pid(): number | undefined {
    return this.#child?.pid
  }

  /**
   * Resolves when it is ready.
   * @throws {Error} when it ends before that, or is not ready after a minute; then nothing of it runs
   */
  async start(): Promise<void> {
    const child = this.#launch()
    const settled = new AbortController()
    const { signal } = settled
    const state = await Promise.race([
      this.#untilReady(signal),
      once(child, 'close').then(() => 'ended' as const),
      delay(startTimeout, 'late' as const, { signal }).catch(() => 'late' as const),
    ])
    settled.abort()
    if (state === 'ready') {
      this.#keep(child)
      return
    }
    if (state === 'late') await this.#end(child)
    throw new Error(
      state === 'ended' ? `${this.name} ended before it was ready.` : `${this.name} was not ready after a minute.`,
    )
  }

  /** Asks it to stop, waits for it as long as it is patient, and kills it then. */
  async stop(): Promise<void> {
    this.#isWanted = false
    const child = this.#child
    if (child !== undefined) await this.#end(child)
  }

  /** As a crash. */
  kill(): void {
    this.#child?.kill('SIGKILL')
  }

  #launch(): ChildProcess {
    const { program, args, env, print } = this.#options
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
      // Ctrl-C in a terminal is for the supervisor, which stops one after the other.
      detached: true,
    })
    this.#child = child
    const callOff = child.pid === undefined ? () => undefined : watchOver(child.pid, undefined)
    child.on('error', (error) => print(error.message))
    child.once('close', () => {
      callOff()
      if (this.#child === child) this.#child = undefined
    })
    eachLine(child.stdout, print)
    eachLine(child.stderr, print)
    return child
  }

  /** From now on its end is a crash, unless it was asked for. */
  #keep(child: ChildProcess): void {
    this.#isWanted = true
    const began = Date.now()
    const onEnd = () => void this.#revive(Date.now() - began, child)
    if (hasEnded(child)) onEnd()
    else child.once('close', onEnd)
  }

  async #revive(ran: number, { exitCode, signalCode }: ChildProcess): Promise<void> {
    if (!this.#isWanted) return
    this.#failures = ran > soundAfter ? 0 : this.#failures + 1
    const pause = Math.min(100 * 2 ** this.#failures, longestPause)
    this.#options.print(`ended by itself (${signalCode ?? exitCode}); starting it again in ${pause} ms`)
    await delay(pause)
    if (this.#isWanted && this.#child === undefined) this.#keep(this.#launch())
  }

  async #untilReady(signal: AbortSignal): Promise<'ready'> {
    while (!(await this.#options.isReady().catch(() => false)) && !signal.aborted) await delay(readyEvery)
    return 'ready'
  }

  async #end(child: ChildProcess): Promise<void> {
    if (hasEnded(child)) return
    const closed = once(child, 'close')
    child.kill('SIGTERM')
    const impatient = setTimeout(() => {
      this.#options.print(`does not stop; killed after ${this.#options.patience / 1000} s`)
      child.kill('SIGKILL')
    }, this.#options.patience)
    await closed
    clearTimeout(impatient)
  }
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null
