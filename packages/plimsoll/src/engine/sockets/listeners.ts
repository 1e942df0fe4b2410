import type { SocketOwner } from './socket-owner.ts'

// biome-ignore lint/suspicious/noExplicitAny: listeners are the plan's own, with arguments of the system under test
type Listener = (...args: any[]) => unknown

/** A plan's listeners on one socket, by what they listen to. What they throw is the plan's fault, and is reported. */
export class Listeners {
  readonly #owner: SocketOwner
  #byName: Map<string, Listener[]> | undefined

  constructor(owner: SocketOwner) {
    this.#owner = owner
  }

  add(name: string, listener: Listener): void {
    this.#byName ??= new Map()
    const list = this.#byName.get(name)
    if (list === undefined) this.#byName.set(name, [listener])
    else list.push(listener)
  }

  has(name: string): boolean {
    return this.#byName?.has(name) ?? false
  }

  call(name: string, ...args: unknown[]): void {
    const list = this.#byName?.get(name)
    if (list === undefined) return
    for (const listener of list) {
      try {
        const running = listener(...args)
        if (running instanceof Promise) running.catch((error: unknown) => this.#fault(error))
      } catch (error) {
        this.#fault(error)
      }
    }
  }

  #fault(cause: unknown): void {
    const { context, journeyName, id } = this.#owner
    if (!this.#owner.stopped) context.faults.add({ kind: 'threw', journey: journeyName, user: id, cause })
  }
}
