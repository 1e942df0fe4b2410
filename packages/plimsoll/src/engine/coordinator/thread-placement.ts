import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { namesIn, readProc } from '../../base/read-proc.ts'
import { type Millis, millis } from '../../base/units.ts'

const run = promisify(execFile)

/** Share of its time for which a worker may wait for its core before it is let go. */
const STARVED = 0.1

let first: readonly number[] | undefined

/**
 * V8's compilers and collectors, libuv's pool: the process's threads besides the main one, by their kernel ids. Has to be
 * asked for before the process's first worker starts, and keeps to that answer. Empty where there is no Linux.
 */
export function helperThreads(): readonly number[] {
  first ??= namesIn('/proc/self/task')
    .map(Number)
    .filter((id) => id !== process.pid)
  return first
}

/**
 * Which core may run what while load is generated, where cores are left over: the main thread and the helpers the first
 * ones, workers the others. The kernel wakes a thread on the core of the one that calls for it, even beside an idle core (on
 * small machines it gives up looking for one), and lets it run for a tick: on 2 cores that held up arrivals and answers
 * for 2 to 4 ms, thirty times in the first seconds of a run. Processes that are started meanwhile inherit the main
 * thread's cores. Without `taskset` or without Linux everything stays as the kernel wants it.
 */
export class ThreadPlacement {
  readonly #others: readonly number[]
  readonly #workers: readonly number[]
  readonly #cores: string
  #waited: readonly number[]
  #held = true

  private constructor(others: readonly number[], workers: readonly number[], cores: readonly number[]) {
    this.#others = others
    this.#workers = workers
    this.#cores = cores.join()
    this.#waited = workers.map(waitOf)
  }

  /** Undefined where no core is left over. */
  static async make(helpers: readonly number[], workers: readonly number[]): Promise<ThreadPlacement | undefined> {
    const cores = allowedCores()
    const spare = cores.length - workers.length
    if (spare < 1 || workers.length === 0) return undefined
    const others = [...helpers, process.pid]
    await confine(workers, cores.slice(spare).join())
    await confine(others, cores.slice(0, spare).join())
    return new ThreadPlacement(others, workers, cores)
  }

  /** False once workers had to be let go. */
  get holds(): boolean {
    return this.#held
  }

  /** Lets workers go anywhere once one had to wait for its core: somebody else is tied to it, or crowds it. */
  async check(since: Millis): Promise<void> {
    if (!this.#held) return
    const waited = this.#workers.map(waitOf)
    const starved = waited.some((wait, index) => wait - (this.#waited[index] ?? 0) > since * STARVED)
    this.#waited = waited
    if (!starved) return
    this.#held = false
    await confine(this.#workers, this.#cores)
  }

  /** Everything may run anywhere again. */
  async end(): Promise<void> {
    await confine(this.#others, this.#cores)
  }
}

async function confine(threads: readonly number[], cores: string): Promise<void> {
  await Promise.allSettled(threads.map((id) => run('taskset', ['-cp', cores, String(id)])))
}

/** How long it was ready and did not run, in its life: the second field of its schedstat, in nanoseconds. */
const waitOf = (thread: number): Millis =>
  millis(Number(readProc(`/proc/self/task/${thread}/schedstat`)?.split(' ')[1] ?? 0) / 1e6)

function allowedCores(): number[] {
  const [, list] = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readProc('/proc/self/status') ?? '') ?? []
  return list === undefined ? [] : coresOf(list)
}

/** Reads the kernel's list of cores, such as `0-2,5`. */
export function coresOf(list: string): number[] {
  return list.split(',').flatMap((range) => {
    const [from = Number.NaN, to = from] = range.split('-').map(Number)
    return Array.from({ length: to - from + 1 }, (_, i) => from + i)
  })
}
