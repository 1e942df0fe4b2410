import { useEffect } from 'preact/hooks'
import { Dialog } from '../parts/dialog.tsx'
import { useValue, Value } from '../state/value.ts'
import type { SentFile } from './file-text.ts'
import { thumbnailSize } from './thumbnail.ts'

type Image = SentFile & { readonly width: number; readonly height: number }

/** In CSS pixels. */
const box = { width: 320, height: 240 }
const least = 48

const address = (id: string) => `/api/files/${id}`

/** The image that is seen large. It is not of the row that it was opened from: that one may go out of view meanwhile. */
const viewed = new Value<Image | undefined>(undefined)

/** An image in the conversation. Its place is as large before it is there, so that nothing jumps. */
export function Picture({ picture, onFail }: { readonly picture: Image; readonly onFail: () => void }) {
  const { id, name, width, height, thumbnail } = picture
  const scale = Math.min(1, box.width / width, box.height / height)
  const shown = Math.max(least, Math.round(width * scale))
  const small = thumbnail && `${address(thumbnail)} ${thumbnailSize({ width, height }).width}w, `
  return (
    <button type="button" class="picture" aria-label={`Open ${name}`} onClick={() => viewed.set(picture)}>
      <img
        src={address(thumbnail ?? id)}
        {...(small && { srcset: `${small}${address(id)} ${width}w`, sizes: `${shown}px` })}
        width={shown}
        height={Math.max(least, Math.round(height * scale))}
        alt=""
        loading="lazy"
        decoding="async"
        onError={onFail}
      />
    </button>
  )
}

export function PictureViewer() {
  const picture = useValue(viewed)
  useEffect(() => () => viewed.set(undefined), [])
  if (picture === undefined) return null
  const { id, name, width, height } = picture
  return (
    <Dialog title={name} onClose={() => viewed.set(undefined)}>
      <img class="large" src={address(id)} width={width} height={height} alt={name} />
      <a class="button" href={address(id)} download={name}>
        Save
      </a>
    </Dialog>
  )
}
