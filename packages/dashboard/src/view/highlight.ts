type TokenKind = 'comment' | 'string' | 'number' | 'keyword' | 'call' | 'plain'

export interface Token {
  readonly kind: TokenKind
  readonly text: string
}

const keywords =
  'as async await break case catch class const continue default delete do else export extends false finally for from function if import in instanceof interface let new null of return satisfies static super switch this throw true try type typeof undefined var void while yield'

const grammar = new RegExp(
  [
    '(?<comment>//[^\\n]*|/\\*[\\s\\S]*?(?:\\*/|$))',
    '(?<string>\'(?:\\\\.|[^\'\\\\\\n])*\'?|"(?:\\\\.|[^"\\\\\\n])*"?|`(?:\\\\[\\s\\S]|[^`\\\\])*`?)',
    '(?<number>\\b\\d[\\d_]*(?:\\.\\d+)?(?:e[+-]?\\d+)?n?\\b)',
    `(?<keyword>(?<![.\\w$])(?:${keywords.replaceAll(' ', '|')})(?![\\w$]))`,
    '(?<call>[A-Za-z_$][\\w$]*(?=\\s*\\())',
    '(?<plain>[A-Za-z_$][\\w$]*|\\s+|[\\s\\S])',
  ].join('|'),
  'g',
)

/** Splits TypeScript into coloured pieces, well enough to read by; joined, the pieces are the text. */
export function highlight(source: string): Token[] {
  const tokens: { kind: TokenKind; text: string }[] = []
  for (const match of source.matchAll(grammar)) {
    const kind = (Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined)?.[0] ??
      'plain') as TokenKind
    const last = tokens.at(-1)
    if (last?.kind === kind && kind === 'plain') last.text += match[0]
    else tokens.push({ kind, text: match[0] })
  }
  return tokens
}
