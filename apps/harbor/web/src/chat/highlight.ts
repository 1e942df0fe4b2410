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

/** Reads harbor's highlights, `<mark>` around what was found and everything else escaped, without ever making HTML of them. */
export function readHighlight(html: string): readonly Piece[] {
  const pieces: Piece[] = []
  for (const [index, part] of html.split(/<mark>(.*?)<\/mark>/s).entries()) {
    const text = part.replace(/&(?:lt|gt|quot|#39|#x27|amp);/g, (entity) => entities[entity] ?? entity)
    if (text !== '') pieces.push({ text, found: index % 2 === 1 })
  }
  return pieces
}
