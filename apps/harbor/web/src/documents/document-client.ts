import { type TextOp, type as text } from 'ot-text-unicode'

/** An operation that harbor placed: it leads from the version before to `version`. */
export interface Placed {
  readonly version: number
  readonly op: TextOp
  readonly client_id: string | null
}

export interface Submission {
  readonly version: number
  readonly op: TextOp
  readonly client_id: string
}

/** All that is needed to go on later, on another page, without a network in between. */
export interface DocumentState {
  readonly version: number
  /** With everything that was written here, whether harbor has it or not. */
  readonly content: string
  readonly sent?: { readonly op: TextOp; readonly client_id: string } | undefined
  /** Written since, composed to one operation. */
  readonly waiting?: TextOp | undefined
}

/**
 * One writer's side of a shared text. One operation at a time is on its way; what is written meanwhile is composed and
 * waits. What others wrote is transformed to come before both: the server's order stands, and all texts become the same.
 */
export class DocumentClient {
  #version: number
  #content: string
  #sent: { op: TextOp; client_id: string } | undefined
  #waiting: TextOp | undefined
  /** Told before those that precede it. */
  readonly #ahead = new Map<number, Placed | 'own'>()
  readonly #newId: () => string

  constructor({ version, content, sent, waiting }: DocumentState, newId: () => string) {
    this.#version = version
    this.#content = content
    this.#sent = sent
    this.#waiting = waiting
    this.#newId = newId
  }

  get version(): number {
    return this.#version
  }

  get content(): string {
    return this.#content
  }

  get isSaved(): boolean {
    return this.#sent === undefined && this.#waiting === undefined
  }

  /** Something newer is here already, but not what comes next: it has to be fetched. */
  get hasGap(): boolean {
    return this.#ahead.size > 0
  }

  get state(): DocumentState {
    return { version: this.#version, content: this.#content, sent: this.#sent, waiting: this.#waiting }
  }

  /** The user wrote. */
  edit(op: TextOp): void {
    this.#content = text.apply(this.#content, op)
    this.#waiting = this.#waiting === undefined ? op : text.compose(this.#waiting, op)
  }

  /** What to send now, if anything; `again` after a cut connection, for what may not have arrived: its id stays. */
  submission({ again = false } = {}): Submission | undefined {
    if (this.#sent !== undefined) return again ? { version: this.#version, ...this.#sent } : undefined
    if (this.#waiting === undefined) return undefined
    this.#sent = { op: this.#waiting, client_id: this.#newId() }
    this.#waiting = undefined
    return { version: this.#version, ...this.#sent }
  }

  /** Harbor placed what was sent. @returns what to apply to the text on the screen, for what had waited for it */
  acknowledge(version: number, client_id: string): readonly TextOp[] {
    if (this.#sent?.client_id !== client_id || version <= this.#version) return []
    this.#ahead.set(version, 'own')
    return this.#advance()
  }

  /** In any order and more than once. @returns what to apply to the text on the screen, in order */
  receive(placed: Placed): readonly TextOp[] {
    if (placed.version <= this.#version || this.#ahead.get(placed.version) === 'own') return []
    this.#ahead.set(placed.version, placed)
    return this.#advance()
  }

  #advance(): readonly TextOp[] {
    const shown: TextOp[] = []
    for (let next = this.#take(); next !== undefined; next = this.#take()) {
      this.#version += 1
      if (next === 'own' || (next.client_id !== null && next.client_id === this.#sent?.client_id))
        this.#sent = undefined
      else shown.push(this.#rebase(next.op))
    }
    return shown
  }

  #take(): Placed | 'own' | undefined {
    const next = this.#ahead.get(this.#version + 1)
    this.#ahead.delete(this.#version + 1)
    return next
  }

  #rebase(op: TextOp): TextOp {
    let theirs = op
    if (this.#sent !== undefined) {
      const { op: ours, client_id } = this.#sent
      this.#sent = { op: text.transform(ours, theirs, 'right'), client_id }
      theirs = text.transform(theirs, ours, 'left')
    }
    if (this.#waiting !== undefined) {
      const ours = this.#waiting
      this.#waiting = text.transform(ours, theirs, 'right')
      theirs = text.transform(theirs, ours, 'left')
    }
    this.#content = text.apply(this.#content, theirs)
    return theirs
  }
}
