import stringWidth from 'string-width'

/** The part of a terminal's stream that drawing needs. */
export interface TerminalStream {
  write(text: string): unknown
  readonly columns?: number
  readonly rows?: number
  on?(event: 'resize', listener: () => void): unknown
  off?(event: 'resize', listener: () => void): unknown
}

const HIDE_CURSOR = '\u001b[?25l'
const SHOW_CURSOR = '\u001b[?25h'
/** Terminals that know it show all between the two at once (https://gist.github.com/christianparpart/d8a62cc1ab659194337d73e399004036). */
const BEGIN_UPDATE = '\u001b[?2026h'
const END_UPDATE = '\u001b[?2026l'
const WRAP_OFF = '\u001b[?7l'
const WRAP_ON = '\u001b[?7h'
const ERASE_LINE = '\u001b[K'
const ERASE_BELOW = '\u001b[J'

/**
 * A few lines at the bottom of a terminal that are drawn over again and again. Lines are overwritten, never cleared
 * first, so nothing flickers. The cursor is hidden meanwhile, and shown again however the process ends.
 */
export class Screen {
  readonly #stream: TerminalStream
  #drawn: readonly string[] = []
  #isOpen = false
  readonly #showCursor = (): void => {
    this.#stream.write(SHOW_CURSOR)
  }

  constructor(stream: TerminalStream) {
    this.#stream = stream
  }

  get columns(): number {
    // A pseudo-terminal without a size says 0.
    return this.#stream.columns || 80
  }

  draw(lines: readonly string[]): void {
    this.#open()
    const shown = lines.slice(0, Math.max(1, (this.#stream.rows || 24) - 1))
    const text = shown.map((line) => `${line}${ERASE_LINE}\n`).join('')
    this.#write(this.#home() + WRAP_OFF + text + WRAP_ON + ERASE_BELOW)
    this.#drawn = shown
  }

  /** A line that stays, above what is drawn. */
  print(line: string): void {
    this.#write(`${this.#home()}${line}${ERASE_LINE}\n${ERASE_BELOW}`)
    const drawn = this.#drawn
    this.#drawn = []
    if (drawn.length > 0) this.draw(drawn)
  }

  /** Takes away what was drawn, and gives the terminal back. */
  close(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#write(this.#home() + ERASE_BELOW + SHOW_CURSOR)
    this.#drawn = []
    process.off('exit', this.#showCursor)
  }

  #open(): void {
    if (this.#isOpen) return
    this.#isOpen = true
    this.#stream.write(HIDE_CURSOR)
    process.once('exit', this.#showCursor)
  }

  /**
   * To the beginning of what was drawn. A terminal that was made narrower has wrapped the lines that were too wide for it.
   * It may tell us late (tmux waits a quarter of a second): frames drawn until then are cut, not wrapped, and stand below
   * the rest of the wrapped one, so that both together are as high as the wrapped one was.
   */
  #home(): string {
    const { columns } = this
    const rows = this.#drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(stringWidth(line) / columns)), 0)
    return rows > 0 ? `\u001b[${rows}A\r` : ''
  }

  #write(text: string): void {
    this.#stream.write(BEGIN_UPDATE + text + END_UPDATE)
  }
}
