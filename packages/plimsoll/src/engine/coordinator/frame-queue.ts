import type { Frame } from '../wire.ts'

/** The frames of one index so far. */
interface Slot {
  readonly frames: Frame[]
  readonly workers: Set<number>
}

/**
 * Collects the workers' frames by index. An index is complete when every worker that is still at work has sent its
 * frame for it; a worker more than `patience` frames behind the others is not waited for.
 */
export class FrameQueue {
  readonly #slots = new Map<number, Slot>()
  readonly #working: Set<number>
  readonly #silent = new Set<number>()
  readonly #patience: number
  #next = 0

  constructor(workers: number, patience: number) {
    this.#working = new Set(Array.from({ length: workers }, (_, worker) => worker))
    this.#patience = patience
  }

  add(frame: Frame): void {
    const { worker } = frame.generator
    this.#silent.delete(worker)
    if (frame.index < this.#next) {
      // Its index was given up. What it measured still counts, in the next one.
      this.#slot(this.#next).frames.push(frame)
      return
    }
    const slot = this.#slot(frame.index)
    slot.frames.push(frame)
    slot.workers.add(worker)
  }

  /** The worker has sent its last frame. */
  finished(worker: number): void {
    this.#working.delete(worker)
  }

  /** The worker will send no more, though it should have. */
  lost(worker: number): void {
    this.#working.delete(worker)
    this.#silent.add(worker)
  }

  /** The next complete index with its frames, and who was missing; undefined when it has to be waited for. */
  take(): { index: number; frames: Frame[]; missing: number[] } | undefined {
    const newest = Math.max(-1, ...this.#slots.keys())
    if (newest < this.#next) return undefined
    const slot = this.#slot(this.#next)
    const awaited = [...this.#working].filter((worker) => !slot.workers.has(worker))
    if (awaited.length > 0 && newest - this.#next < this.#patience) return undefined
    for (const worker of awaited) this.#silent.add(worker)
    const index = this.#next++
    this.#slots.delete(index)
    return { index, frames: slot.frames, missing: [...this.#silent] }
  }

  #slot(index: number): Slot {
    let slot = this.#slots.get(index)
    if (slot === undefined) {
      slot = { frames: [], workers: new Set() }
      this.#slots.set(index, slot)
    }
    return slot
  }
}
