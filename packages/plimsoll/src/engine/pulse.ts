/**
 * A few numbers that a worker writes and the watchdog reads without messages, because a worker caught in an endless
 * loop sends none: a beat that counts up while the event loop turns, and whose code was given control last.
 */
export interface Pulse {
  readonly buffer: SharedArrayBuffer
  beat(): void
  /** `journey` is the journey's index in the plan; -1 for code outside any. */
  enter(journey: number, user: number): void
  read(): { readonly beats: number; readonly journey: number; readonly user: number }
}

export function createPulse(buffer = new SharedArrayBuffer(12)): Pulse {
  const cells = new Int32Array(buffer)
  return {
    buffer,
    beat: () => {
      Atomics.add(cells, 0, 1)
    },
    // Plain stores: the reader looks seconds later, and this runs before every resumption of a journey.
    enter: (journey, user) => {
      cells[1] = journey
      cells[2] = user
    },
    read: () => ({ beats: Atomics.load(cells, 0), journey: cells[1] ?? -1, user: cells[2] ?? 0 }),
  }
}
