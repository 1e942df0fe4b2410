import type { Fault } from '../../record/events.ts'
import type { Redactor } from '../vu/redact.ts'

/** A plan that throws a new text every time is cut off here: the rest counts under one entry. */
const MAX_DISTINCT = 100
/** Of a longer text this much tells it from others; what is shown of it is shorter still. */
const MAX_TEXT = 4096

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
    const text = thrown.slice(0, MAX_TEXT)
    const isNew = !this.#entries.has(`${kind}\n${journey}\n${text}`)
    const message = isNew && this.#entries.size >= MAX_DISTINCT ? 'further faults, each different' : text
    const key = `${kind}\n${journey}\n${message}`
    const known = this.#entries.get(key)
    if (known !== undefined) {
      known.pending++
      return
    }
    const stack = cause instanceof Error ? cause.stack : undefined
    this.#entries.set(key, { fault: { type: 'fault', kind, journey, user, message, stack, count: 1 }, pending: 1 })
  }

  /** Those that happened since the last call, each with how often, and without what is secret. */
  take(redact: Redactor): Fault[] {
    const taken: Fault[] = []
    for (const entry of this.#entries.values()) {
      if (entry.pending === 0) continue
      const message = redact.message(entry.fault.message)
      taken.push({ ...entry.fault, message, stack: stackOf(entry.fault.stack, message), count: entry.pending })
      entry.fault = { ...entry.fault, stack: undefined }
      entry.pending = 0
    }
    return taken
  }
}

/** An error writes its whole message above its frames: here stands what may be shown of it. */
function stackOf(stack: string | undefined, message: string): string | undefined {
  const frames = stack?.indexOf('\n    at ') ?? -1
  return frames < 0 ? undefined : message + stack?.slice(frames)
}
