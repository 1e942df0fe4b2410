/** An image made of pixels, as its own bytes say, whatever its sender calls it. */
export interface Raster {
  readonly type: 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp'
  /** In pixels, as it is shown: turned as its camera was held. */
  readonly width: number
  readonly height: number
}

/** What is larger unpacks into more memory than a browser should be made to give for it. */
const mostSide = 16_384
const mostPixels = 64 * 1024 * 1024

/**
 * Reads the head of a file.
 * @returns undefined for what is no PNG, JPEG, GIF or WebP, does not say its size within these bytes, or is too large
 */
export function readRaster(head: Buffer): Raster | undefined {
  const found = readPng(head) ?? readGif(head) ?? readWebp(head) ?? readJpeg(head)
  if (found === undefined) return undefined
  const { width, height } = found
  const isFit = width > 0 && height > 0 && width <= mostSide && height <= mostSide && width * height <= mostPixels
  return isFit ? found : undefined
}

const says = (head: Buffer, at: number, text: string) => head.toString('latin1', at, at + text.length) === text

function readPng(head: Buffer): Raster | undefined {
  if (head.length < 24 || !says(head, 0, '\x89PNG\r\n\x1a\n') || !says(head, 12, 'IHDR')) return undefined
  return { type: 'image/png', width: head.readUInt32BE(16), height: head.readUInt32BE(20) }
}

function readGif(head: Buffer): Raster | undefined {
  if (head.length < 10 || !(says(head, 0, 'GIF87a') || says(head, 0, 'GIF89a'))) return undefined
  return { type: 'image/gif', width: head.readUInt16LE(6), height: head.readUInt16LE(8) }
}

/** RFC 9649: lossy, lossless and extended have their sizes in places of their own. */
function readWebp(head: Buffer): Raster | undefined {
  if (head.length < 30 || !says(head, 0, 'RIFF') || !says(head, 8, 'WEBP')) return undefined
  const type = 'image/webp'
  switch (head.toString('latin1', 12, 16)) {
    case 'VP8 ':
      return { type, width: head.readUInt16LE(26) & 0x3fff, height: head.readUInt16LE(28) & 0x3fff }
    case 'VP8L': {
      const bits = head.readUInt32LE(21)
      return { type, width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
    }
    case 'VP8X':
      return { type, width: head.readUIntLE(24, 3) + 1, height: head.readUIntLE(27, 3) + 1 }
    default:
      return undefined
  }
}

/** Goes from marker to marker (ITU T.81, annex B) to the frame's header; an Exif segment before it may say that the camera was turned. */
function readJpeg(head: Buffer): Raster | undefined {
  if (head.length < 4 || head.readUInt16BE(0) !== 0xffd8) return undefined
  let isTurned = false
  for (let at = 2; at + 9 <= head.length; ) {
    if (head[at] !== 0xff) return undefined
    const marker = head[at + 1] ?? 0
    if (marker === 0xff) {
      at += 1
      continue
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
    if (isFrame) {
      const [height, width] = [head.readUInt16BE(at + 5), head.readUInt16BE(at + 7)]
      return { type: 'image/jpeg', ...(isTurned ? { width: height, height: width } : { width, height }) }
    }
    const length = head.readUInt16BE(at + 2)
    if (length < 2 || marker === 0xda) return undefined
    if (marker === 0xe1) isTurned = orientation(head.subarray(at + 4, at + 2 + length)) >= 5
    at += 2 + length
  }
  return undefined
}

/** The tag 0x0112 of an Exif segment: 5 to 8 lie on their side. @returns 1 when it says nothing */
function orientation(segment: Buffer): number {
  if (segment.length < 14 || !says(segment, 0, 'Exif\0\0')) return 1
  const tiff = segment.subarray(6)
  const isLittle = says(tiff, 0, 'II')
  const short = (at: number) => (at + 2 > tiff.length ? 0 : isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at))
  const directory = isLittle ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4)
  for (let entry = 0; entry < short(directory); entry += 1) {
    const at = directory + 2 + entry * 12
    if (at + 12 > tiff.length) break
    if (short(at) === 0x0112) return short(at + 8)
  }
  return 1
}
