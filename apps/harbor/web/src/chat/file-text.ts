/** A file as a message names it. What a message says of its size is hearsay: good for laying out, for nothing else. */
export interface SentFile {
  readonly id: string
  readonly name: string
  /** In bytes. */
  readonly size?: number
  /** Of an image, in pixels. */
  readonly width?: number
  readonly height?: number
  /** The id of a smaller copy of an image. */
  readonly thumbnail?: string
}

export type Piece = { readonly text: string } | { readonly link: string } | { readonly file: SentFile }

const pattern =
  /(!?)\[([^\]\n]{1,255})\]\(\/api\/files\/([\w-]{1,64})(?: "([\w -]{1,100})")?\)|\bhttps?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)]/g

/** `[name](/api/files/id "bytes")`, and of an image `![name](/api/files/id "640x480 id-of-thumbnail")`. */
export function fileText({ id, name, size, width, height, thumbnail }: SentFile): string {
  const isImage = width !== undefined && height !== undefined
  const caption = isImage ? `${width}x${height}${thumbnail ? ` ${thumbnail}` : ''}` : String(size ?? '')
  return `${isImage ? '!' : ''}[${name.replace(/[[\]\n]/g, ' ')}](/api/files/${id}${caption && ` "${caption}"`})`
}

/** What a message says, with the links and files in it. */
export function readContent(content: string): readonly Piece[] {
  const pieces: Piece[] = []
  let end = 0
  for (const match of content.matchAll(pattern)) {
    const [whole, mark = '', name, id, caption = ''] = match
    const [, width, height, thumbnail] = /^(\d{1,5})x(\d{1,5})(?: ([\w-]{1,64}))?$/.exec(caption) ?? []
    const isImage = mark !== '' && Number(width) > 0 && Number(height) > 0
    // An exclamation mark before a file that is no image belongs to the words.
    const start = match.index + (name === undefined || isImage ? 0 : mark.length)
    if (start > end) pieces.push({ text: content.slice(end, start) })
    end = match.index + whole.length
    if (name === undefined || id === undefined) pieces.push({ link: whole })
    else if (isImage) {
      const size = { width: Number(width), height: Number(height) }
      pieces.push({ file: { id, name, ...size, ...(thumbnail && { thumbnail }) } })
    } else pieces.push({ file: { id, name, ...(/^\d{1,9}$/.test(caption) && { size: Number(caption) }) } })
  }
  if (end < content.length) pieces.push({ text: content.slice(end) })
  return pieces
}

/** To be read out. */
export const spoken = (content: string): string =>
  readContent(content)
    .map((piece) => ('file' in piece ? piece.file.name : 'link' in piece ? piece.link : piece.text))
    .join('')
