import pc from 'picocolors'

export type Colors = ReturnType<typeof pc.createColors>

/** What a terminal can show. */
export interface TerminalStyle {
  readonly colors: Colors
  /** False: only ASCII. */
  readonly unicode: boolean
}

interface Stream {
  readonly isTTY?: boolean
}

type Environment = Readonly<Record<string, string | undefined>>

/** Colours on a terminal, unless NO_COLOR (no-color.org) says otherwise; signs beyond ASCII in a UTF-8 locale. */
export function terminalStyle(stream: Stream, environment: Environment = process.env): TerminalStyle {
  return { colors: pc.createColors(hasColors(stream, environment)), unicode: isUtf8(environment) }
}

function hasColors({ isTTY }: Stream, { NO_COLOR, FORCE_COLOR, TERM }: Environment): boolean {
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false'
  return isTTY === true && TERM !== 'dumb'
}

function isUtf8({ LC_ALL, LC_CTYPE, LANG, WT_SESSION, TERM_PROGRAM }: Environment): boolean {
  if (process.platform === 'win32') return WT_SESSION !== undefined || TERM_PROGRAM === 'vscode'
  return /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || '')
}

/** Each as wide as what it stands for, so that columns stay aligned. */
const replacements: Readonly<Record<string, string>> = {
  '✓': '+',
  '✗': 'x',
  '●': '*',
  '–': '-',
  '—': '-',
  '·': '|',
  '≥': '>',
  '≈': '~',
  '→': '>',
  '…': '~',
  µ: 'u',
  '█': '#',
  '▌': '#',
  '░': '.',
  '─': '-',
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"',
}

/** The same in ASCII; what has no counterpart becomes a question mark. Colours stay. */
export const toAscii = (text: string): string =>
  text.replaceAll(/[^\p{Cc} -~]/gu, (character) => replacements[character] ?? '?')
