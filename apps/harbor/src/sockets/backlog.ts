/** In bytes: what may wait for a client that reads, and what may wait at all. */
const patient = 1024 * 1024
const most = 8 * 1024 * 1024
/** In milliseconds: how long more than `patient` may wait. */
const patience = 5_000

/** Tells a client that does not keep up from one that was just given much at once. */
export class Backlog {
  #since: number | undefined

  /** @param bytes what waits now */
  isTooLong(bytes: number): boolean {
    if (bytes <= patient) {
      this.#since = undefined
      return false
    }
    const now = Date.now()
    this.#since ??= now
    return bytes > most || now - this.#since > patience
  }
}
