import stringWidth from 'string-width'
import { type TerminalStyle, toAscii } from './style.ts'
import { cut, printable, wrap } from './text.ts'

const MARGIN = 2

interface Paragraph {
  /** Stands before the first line. */
  readonly first?: string
  readonly indent?: number
  readonly paint?: (text: string) => string
}

const plain = (text: string): string => text

/** Sections of text with headings, a blank line between them, none wider than the terminal. */
export class Page {
  readonly width: number
  readonly style: TerminalStyle
  readonly #sections: string[][] = []

  constructor(columns: number, style: TerminalStyle) {
    // A pseudo-terminal without a size says 0.
    this.width = Math.max(20, (columns || 80) - 2 * MARGIN)
    this.style = style
  }

  /** Left out when it has no lines. */
  section(title: string, lines: readonly string[], aside = ''): void {
    if (lines.length === 0) return
    const { bold, dim } = this.style.colors
    const heading = title === '' ? [] : [aside === '' ? bold(title) : `${bold(title)}  ${dim(aside)}`]
    this.#sections.push([...heading, ...lines])
  }

  /** Wrapped; lines after the first are indented by `indent`, or as wide as `first`. */
  paragraph(text: string, { first = '', indent = first.length, paint = plain }: Paragraph = {}): string[] {
    const [head = '', ...rest] = wrap(text, this.width - first.length)
    // With a narrower indent, what follows the first line has more room.
    const more = wrap(rest.join(' '), this.width - indent)
    return [first + head, ...more.map((line) => ' '.repeat(indent) + line)].map(paint)
  }

  /** Figures with dots between them, broken between figures only. */
  figures(parts: readonly string[], { first = '', paint = plain }: Paragraph = {}): string[] {
    const room = this.width - first.length
    const lines: string[] = []
    for (const part of parts.map(printable)) {
      const joined = lines.length === 0 ? part : `${lines.at(-1)} · ${part}`
      if (lines.length > 0 && stringWidth(joined) <= room) lines[lines.length - 1] = joined
      else lines.push(cut(part, room))
    }
    return lines.map((line, index) => (index === 0 ? first : ' '.repeat(first.length)) + paint(line))
  }

  render(): string {
    const margin = ' '.repeat(MARGIN)
    const lines = this.#sections.flatMap((section) => [
      '',
      ...section.map((line) => (line === '' ? '' : margin + line)),
    ])
    const text = [...lines, ''].join('\n')
    return this.style.unicode ? text : toAscii(text)
  }
}
