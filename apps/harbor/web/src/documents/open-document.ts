import type { TextOp } from 'ot-text-unicode'
import { ApiError, get } from '../net/api.ts'
import { plan } from '../net/conditions.ts'
import { socket } from '../net/socket.ts'
import { user } from '../session/session.ts'
import { newClientId } from '../state/client-id.ts'
import { keptValues } from '../state/database.ts'
import { Value } from '../state/value.ts'
import { type Cursor, Cursors } from './cursors.ts'
import { DocumentClient, type DocumentState, type Placed } from './document-client.ts'

interface Info {
  readonly document: { readonly title: string }
}

/** In milliseconds. */
const retryPause = 2_000

/** A document that is on the screen. */
export class OpenDocument {
  readonly id: string
  readonly title = new Value('')
  /** Undefined until the text is here. */
  readonly content = new Value<string | undefined>(undefined)
  readonly saved = new Value(true)
  readonly cursors = new Cursors()
  readonly problem = new Value<ApiError | undefined>(undefined)
  /** What others wrote, before `content` says it: the editor moves the user's own cursor by it. */
  onTheirs: (op: TextOp) => void = () => undefined
  #client: DocumentClient | undefined
  #closed = false
  #healing = false
  #sending: ReturnType<typeof setTimeout> | undefined
  readonly #ends: (() => void)[]

  constructor(id: string) {
    this.id = id
    this.#ends = [
      socket.on<Placed & { document_id: string }>(
        'doc:op',
        (placed) => placed.document_id === id && this.#receive(placed),
      ),
      socket.on<Omit<Cursor, 'at'> & { document_id: string }>(
        'cursor',
        (cursor) => cursor.document_id === id && cursor.user_id !== user.current?.id && this.cursors.see(cursor),
      ),
      socket.state.watch((state) => state === 'connected' && void this.#enter()),
    ]
    void this.#restore().then(() => this.#enter())
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#sending)
    this.cursors.close()
    this.#send()
    for (const end of this.#ends) end()
  }

  edit(op: TextOp): void {
    if (this.#client === undefined || op.length === 0) return
    this.#client.edit(op)
    this.cursors.move(op)
    this.#show()
    this.#sending ??= setTimeout(() => this.#send(), plan.current.editPause)
  }

  /** Gives up what was written here and harbor refused, and opens harbor's text. */
  startAgain(): void {
    this.#client = undefined
    keptValues.remove(`document:${this.id}`)
    void this.#enter()
  }

  /** Tells the others; in code points. */
  moveCursor(position: number, anchor: number): void {
    socket.ask('cursor:move', { document_id: this.id, position, anchor }).catch(() => undefined)
  }

  async #restore(): Promise<void> {
    const [state, title] = await Promise.all([
      keptValues.get<DocumentState>(`document:${this.id}`),
      keptValues.get<string>(`title:${this.id}`),
    ])
    if (title) this.title.set(title)
    if (state === undefined) return
    this.#client = new DocumentClient(state, newClientId)
    this.#show()
  }

  /** On every new connection: what was missed first, then what may not have arrived, then what waits. */
  async #enter(): Promise<void> {
    if (this.#closed || socket.state.current !== 'connected') return
    try {
      const opened = await socket.ask<{ version: number; content: string }>('doc:open', { document_id: this.id })
      this.problem.set(undefined)
      // Where nothing is unsaved here, the newest text is all there is to know.
      if (this.#client === undefined || (this.#client.isSaved && this.#client.version < opened.version)) {
        this.#client = new DocumentClient({ version: opened.version, content: opened.content }, newClientId)
      }
      if (this.#client.version < opened.version) await this.#heal()
      this.#show()
      this.#send({ again: true })
      await this.#readTitle()
    } catch (error) {
      if (error instanceof ApiError && !error.isPassing) this.problem.set(error)
      else if (error instanceof ApiError && error.status !== 0) setTimeout(() => void this.#enter(), retryPause)
    }
  }

  async #readTitle(): Promise<void> {
    if (this.title.current !== '') return
    const { document } = await get<Info>(`/api/documents/${this.id}`)
    this.title.set(document.title)
    keptValues.set(`title:${this.id}`, document.title)
  }

  #send({ again = false } = {}): void {
    this.#sending = undefined
    const submission = this.#client?.submission({ again })
    this.#keep()
    if (submission === undefined || socket.state.current !== 'connected') return
    socket.ask<{ version: number }>('doc:submit', { document_id: this.id, ...submission }).then(
      ({ version }) => {
        for (const op of this.#client?.acknowledge(version, submission.client_id) ?? []) this.#apply(op)
        this.#afterNews()
      },
      (error: ApiError) => {
        if (error.status === 0) return
        if (error.isPassing) setTimeout(() => this.#send({ again: true }), retryPause)
        else this.problem.set(error)
      },
    )
  }

  #receive(placed: Placed): void {
    for (const op of this.#client?.receive(placed) ?? []) this.#apply(op)
    this.#afterNews()
  }

  #apply(op: TextOp): void {
    this.onTheirs(op)
    this.cursors.move(op)
  }

  #afterNews(): void {
    this.#show()
    if (this.#client?.hasGap) void this.#heal()
    this.#sending ??= setTimeout(() => this.#send(), plan.current.editPause)
  }

  async #heal(): Promise<void> {
    const client = this.#client
    if (client === undefined || this.#healing) return
    this.#healing = true
    try {
      for (let more = true; more && !this.#closed; ) {
        const page = await get<{ operations: readonly Placed[]; has_more: boolean }>(
          `/api/documents/${this.id}/operations?after=${client.version}&limit=100`,
        )
        for (const placed of page.operations) for (const op of client.receive(placed)) this.#apply(op)
        more = page.has_more
      }
    } finally {
      this.#healing = false
    }
  }

  #show(): void {
    this.content.set(this.#client?.content)
    this.saved.set(this.#client?.isSaved ?? true)
    this.#keep()
  }

  #keep(): void {
    if (this.#client) keptValues.set(`document:${this.id}`, this.#client.state)
  }
}
