export interface Piece {
  readonly text: string
  readonly found: boolean
}

const entities: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&#x27;': "'",
  '&amp;': '&',
}

/** A file is its name; words may be marked anywhere in it. */
const file = /!?\[([^\]\n]*)\]\(\/api\/files\/[^)\n]*\)/g

/** Reads harbor's highlights, `<mark>` around what was found and everything else escaped, without ever making HTML of them. */
export function readHighlight(html: string): readonly Piece[] {
  const pieces: Piece[] = []
  for (const [index, part] of html
    .replace(file, '$1')
    .split(/<mark>(.*?)<\/mark>/s)
    .entries()) {
    const text = part.replace(/&(?:lt|gt|quot|#39|#x27|amp);/g, (entity) => entities[entity] ?? entity)
    if (text !== '') pieces.push({ text, found: index % 2 === 1 })
  }
  return pieces
}
