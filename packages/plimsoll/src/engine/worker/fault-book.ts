import type { Fault } from '../../record/events.ts'

/** A plan that throws a new text every time is cut off here: the rest counts under one entry. */
const MAX_DISTINCT = 100

export interface FaultReport {
  readonly kind: Fault['kind']
  readonly journey: string
  readonly user: number
  /** What was thrown, or a sentence. */
  readonly cause: unknown
}

interface Entry {
  fault: Fault
  pending: number
}

/** Counts faults by kind, journey and message. The stack, costly to map, is read for the first of each only. */
export class FaultBook {
  readonly #entries = new Map<string, Entry>()

  add({ kind, journey, user, cause }: FaultReport): void {
    const thrown = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
    const isNew = !this.#entries.has(`${kind}\n${journey}\n${thrown}`)
    const message = isNew && this.#entries.size >= MAX_DISTINCT ? 'further faults, each different' : thrown
    const key = `${kind}\n${journey}\n${message}`
    const known = this.#entries.get(key)
    if (known !== undefined) {
      known.pending++
      return
    }
    const stack = cause instanceof Error ? cause.stack : undefined
    this.#entries.set(key, { fault: { type: 'fault', kind, journey, user, message, stack, count: 1 }, pending: 1 })
  }

  /** Those that happened since the last call, each with how often. */
  take(): Fault[] {
    const taken: Fault[] = []
    for (const entry of this.#entries.values()) {
      if (entry.pending === 0) continue
      taken.push({ ...entry.fault, count: entry.pending })
      entry.fault = { ...entry.fault, stack: undefined }
      entry.pending = 0
    }
    return taken
  }
}
