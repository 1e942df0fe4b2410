import { type TextOp, type as text } from 'ot-text-unicode'
import { Value } from '../state/value.ts'

/** Where someone else's cursor stands, in code points. */
export interface Cursor {
  readonly user_id: string
  readonly name: string
  readonly position: number
  /** When it moved last, in milliseconds since 1970. */
  readonly at: number
}

/** In milliseconds: whose cursor did not move for so long is away, and nothing of them is kept. */
const silence = 60_000

/** The others' cursors in a document. */
export class Cursors {
  readonly all = new Value<readonly Cursor[]>([])
  #timer: ReturnType<typeof setTimeout> | undefined

  see({ user_id, name, position }: Omit<Cursor, 'at'>): void {
    const others = this.all.current.filter((each) => each.user_id !== user_id)
    this.all.set([...others, { user_id, name, position, at: Date.now() }])
    this.#timer ??= setTimeout(() => this.#unload(), silence)
  }

  /** The text has changed. */
  move(op: TextOp): void {
    if (this.all.current.length === 0) return
    this.all.set(this.all.current.map((each) => ({ ...each, position: text.transformPosition(each.position, op) })))
  }

  close(): void {
    clearTimeout(this.#timer)
  }

  #unload(): void {
    const now = Date.now()
    const present = this.all.current.filter(({ at }) => now - at < silence)
    this.all.set(present)
    const oldest = Math.min(...present.map(({ at }) => at))
    this.#timer = present.length === 0 ? undefined : setTimeout(() => this.#unload(), oldest + silence - now)
  }
}
