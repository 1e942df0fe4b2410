import { PlimsollError } from '../base/errors.ts'
import { planContext } from './context.ts'
import type { Feeder, Random } from './user.ts'

/** No row is left. `action` says what the feeder wants: end the user quietly, or fail the iteration. */
export class FeederDryError extends PlimsollError {
  readonly action: 'stop' | 'fail'
  readonly feeder: string

  constructor(feeder: Feeder<unknown>, action: 'stop' | 'fail') {
    const rows = feeder.rows.length === 1 ? 'its only row has' : `all ${feeder.rows.length} rows have`
    super('FEEDER_DRY', `feeder '${feeder.name}' ran dry: ${rows} been dealt`, {
      hint: "give it more rows, or { dry: 'repeat' } to deal them again",
    })
    this.action = action
    this.feeder = feeder.name
  }
}

/** The counter that all workers share, one for each feeder. */
export const feederCounter = (): Int32Array => new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))

/** The feeder of the plan that this thread loaded. @throws {PlimsollError} when the plan has no such feeder */
export function findFeeder(id: number): Feeder<unknown> {
  const feeder = planContext().feeders[id]
  if (feeder !== undefined) return feeder
  throw new PlimsollError('PLAN_INVALID', `there is no feeder ${id}`, {
    hint: 'make feeders at the top of the plan, not inside a journey',
  })
}

/**
 * One user's place in one feeder. Rows of `shared` and `unique` are dealt through an atomic counter, so no row goes out
 * twice, however many threads ask; which user gets which row depends on who asks first.
 */
export class FeederCursor<Row> {
  readonly #feeder: Feeder<Row>
  readonly #counter: Int32Array
  readonly #random: Random
  /** The next row of `sequential`; the kept row of `unique`, -1 until it was dealt. */
  #own: number

  /**
   * @param counter one cell in memory that all threads share, as `feederCounter` makes it, 0 at the run's start
   * @param random the user's own, so that `random` order can be repeated
   */
  constructor(feeder: Feeder<Row>, counter: Int32Array, random: Random) {
    this.#feeder = feeder
    this.#counter = counter
    this.#random = random
    this.#own = feeder.order === 'unique' ? -1 : 0
  }

  /** @throws {FeederDryError} when no row is left and the feeder does not repeat */
  next(): Row {
    return this.#feeder.rows[this.#position()] as Row
  }

  #position(): number {
    const { rows, order } = this.#feeder
    switch (order) {
      case 'random':
        return this.#random.integer(0, rows.length - 1)
      case 'sequential':
        return this.#within(this.#own++)
      case 'shared':
        return this.#within(this.#deal())
      case 'unique':
        if (this.#own < 0) this.#own = this.#within(this.#deal())
        return this.#own
    }
  }

  #deal(): number {
    const { rows, dry } = this.#feeder
    // asking a dry feeder must not count on, or the counter would come round to the first row after 2³² calls
    if (dry !== 'repeat' && Atomics.load(this.#counter, 0) >= rows.length) return rows.length
    return Atomics.add(this.#counter, 0, 1) >>> 0
  }

  #within(position: number): number {
    const { rows, dry } = this.#feeder
    if (position < rows.length) return position
    if (dry !== 'repeat' || rows.length === 0) throw new FeederDryError(this.#feeder, dry === 'fail' ? 'fail' : 'stop')
    return position % rows.length
  }
}
