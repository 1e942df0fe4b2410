import { Icon } from '../parts/icon.tsx'

/** A link, or a file that was sent here: `[name](/api/files/id)`. */
const pattern = /\[([^\]\n]{1,255})\]\((\/api\/files\/[\w-]{1,64})\)|\bhttps?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)]/g

export const fileLink = (name: string, id: string): string => `[${name.replace(/[[\]\n]/g, ' ')}](/api/files/${id})`

/** What a message says, with links that can be followed. */
export function Content({ text }: { readonly text: string }) {
  const pieces: preact.ComponentChild[] = []
  let end = 0
  for (const match of text.matchAll(pattern)) {
    const [whole, name, path] = match
    if (match.index > end) pieces.push(text.slice(end, match.index))
    end = match.index + whole.length
    pieces.push(
      path ? (
        <a class="file" href={path} target="_blank" rel="noreferrer" download={name}>
          <Icon name="file" /> {name}
        </a>
      ) : (
        <a href={whole} target="_blank" rel="noreferrer">
          {whole}
        </a>
      ),
    )
  }
  if (end < text.length) pieces.push(text.slice(end))
  return <p>{pieces}</p>
}
