import { useState } from 'preact/hooks'
import { Icon } from '../parts/icon.tsx'
import { readContent, type SentFile } from './file-text.ts'
import { Picture } from './picture.tsx'

/** What a message says, with links that can be followed, images that are seen, and files that can be saved. */
export function Content({ text }: { readonly text: string }) {
  const pieces = readContent(text)
  const [first] = pieces
  const isFile = pieces.length === 1 && first !== undefined && 'file' in first
  return (
    <p class={isFile ? 'bare' : undefined}>
      {pieces.map((piece) =>
        'text' in piece ? (
          piece.text
        ) : 'link' in piece ? (
          <a href={piece.link} target="_blank" rel="noreferrer">
            {piece.link}
          </a>
        ) : (
          <File file={piece.file} />
        ),
      )}
    </p>
  )
}

function File({ file }: { readonly file: SentFile }) {
  const [failed, setFailed] = useState(false)
  const { id, name, size, width, height } = file
  if (width !== undefined && height !== undefined && !failed) {
    return <Picture picture={{ ...file, width, height }} onFail={() => setFailed(true)} />
  }
  const [, ending] = /\.(\w{1,5})$/.exec(name) ?? []
  const about = [ending?.toUpperCase(), size !== undefined && inBytes(size)].filter(Boolean).join(' · ')
  return (
    <a class="file" href={`/api/files/${id}`} target="_blank" rel="noreferrer" download={name}>
      <Icon name="file" />
      <span>{name}</span>
      {about && <span class="quiet small">{about}</span>}
    </a>
  )
}

const number = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 })

const inBytes = (size: number): string =>
  size < 1_000 ? `${size} B` : size < 1e6 ? `${number.format(size / 1e3)} KB` : `${number.format(size / 1e6)} MB`
