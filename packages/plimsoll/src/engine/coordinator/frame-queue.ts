import type { Frame } from '../wire.ts'

/**
 * Collects the workers' frames by index. An index is complete when every worker that is still at work has sent its
 * frame for it; a worker more than `patience` frames behind the others is not waited for.
 */
export class FrameQueue {
  readonly #frames = new Map<number, Map<number, Frame>>()
  readonly #working: Set<number>
  readonly #silent = new Set<number>()
  readonly #patience: number
  #next = 0

  constructor(workers: number, patience: number) {
    this.#working = new Set(Array.from({ length: workers }, (_, worker) => worker))
    this.#patience = patience
  }

  add(frame: Frame): void {
    const { index, generator } = frame
    // A frame that comes after its index was given up still counts: it joins the next one.
    const at = Math.max(index, this.#next)
    const sent = this.#frames.get(at) ?? new Map<number, Frame>()
    this.#frames.set(at, sent)
    sent.set(sent.has(generator.worker) ? -1 - index : generator.worker, frame)
    this.#silent.delete(generator.worker)
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
    const sent = this.#frames.get(this.#next)
    const newest = Math.max(-1, ...this.#frames.keys())
    const awaited = [...this.#working].filter((worker) => !sent?.has(worker))
    if (awaited.length > 0 && newest - this.#next < this.#patience) return undefined
    if (sent === undefined && newest < this.#next) return undefined
    for (const worker of awaited) this.#silent.add(worker)
    const index = this.#next++
    this.#frames.delete(index)
    return { index, frames: [...(sent?.values() ?? [])], missing: [...this.#silent] }
  }
}
