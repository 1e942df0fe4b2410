interface Size {
  readonly width: number
  readonly height: number
}

/** In pixels: twice as many as are shown, for screens that have them. */
const longest = 640
/** In bytes: what is smaller gains nothing. */
const small = 64 * 1024

export function thumbnailSize({ width, height }: Size): Size {
  const scale = Math.min(1, longest / Math.max(width, height))
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

/**
 * A smaller WebP of an image, made by its sender's browser: so no server unpacks what strangers send. Undefined where there
 * is no need or no way: what is small, what may move, what the browser cannot read, or not write as WebP.
 */
export async function makeThumbnail(file: File, size: Size): Promise<File | undefined> {
  if (file.size < small || /\.gif$/i.test(file.name) || file.type === 'image/gif') return undefined
  try {
    const { width, height } = thumbnailSize(size)
    const bitmap = await createImageBitmap(file, { resizeWidth: width, resizeHeight: height, resizeQuality: 'high' })
    const canvas = new OffscreenCanvas(width, height)
    canvas.getContext('2d')?.drawImage(bitmap, 0, 0)
    bitmap.close()
    const made = await canvas.convertToBlob({ type: 'image/webp', quality: 0.8 })
    if (made.type !== 'image/webp' || made.size >= file.size) return undefined
    return new File([made], `${file.name.replace(/\.\w+$/, '')}.webp`, { type: made.type })
  } catch {
    return undefined
  }
}
