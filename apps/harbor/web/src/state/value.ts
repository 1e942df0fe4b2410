import { useEffect, useReducer } from 'preact/hooks'

/** A value that others watch. */
export class Value<T> {
  #current: T
  readonly #watchers = new Set<(current: T) => void>()

  constructor(initial: T) {
    this.#current = initial
  }

  get current(): T {
    return this.#current
  }

  set(next: T): void {
    if (Object.is(next, this.#current)) return
    this.#current = next
    for (const watcher of [...this.#watchers]) watcher(next)
  }

  /** @returns ends the watching */
  watch(watcher: (current: T) => void): () => void {
    this.#watchers.add(watcher)
    return () => void this.#watchers.delete(watcher)
  }
}

/** The current value; the component is drawn again when it changes. */
export function useValue<T>(value: Value<T>): T {
  const [, redraw] = useReducer((count: number, _: null) => count + 1, 0)
  const drawn = value.current
  useEffect(() => {
    // It may have changed between drawing and now.
    if (!Object.is(value.current, drawn)) redraw(null)
    return value.watch(() => redraw(null))
  }, [value])
  return drawn
}
