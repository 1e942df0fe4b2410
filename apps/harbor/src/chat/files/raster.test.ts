import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readRaster } from './raster.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')

const png = (width: number, height: number) => {
  const head = Buffer.concat([hex('89504e470d0a1a0a 0000000d 49484452'), Buffer.alloc(16)])
  head.writeUInt32BE(width, 16)
  head.writeUInt32BE(height, 20)
  return head
}

/** 640 by 480, with an Exif segment before it that names how the camera was held. */
const jpeg = (orientation: number) =>
  Buffer.concat([
    hex('ffd8 ffe0 0010 4a46494600 0101 00 0001 0001 00 00'),
    hex('ffe1 0022 457869660000 49492a00 08000000 0100 1201 0300 01000000'),
    Buffer.from([orientation, 0, 0, 0, 0, 0, 0, 0]),
    hex('ffdb 0004 0000 ffff c2 0011 08 01e0 0280 03 012200 021101 031101'),
  ])

it.each([
  ['PNG', png(640, 480), 'image/png'],
  ['GIF', Buffer.concat([Buffer.from('GIF89a'), hex('8002 e001 00 00')]), 'image/gif'],
  ['JPEG', jpeg(1), 'image/jpeg'],
  ['lossy WebP', hex('52494646 24000000 57454250 56503820 18000000 300100 9d012a 8002 e001 0000'), 'image/webp'],
  ['lossless WebP', hex('52494646 24000000 57454250 5650384c 18000000 2f 7fc27700 0000000000'), 'image/webp'],
  ['extended WebP', hex('52494646 24000000 57454250 56503858 0a000000 00000000 7f0200 df0100'), 'image/webp'],
])('reads type and size of a %s', (_name, head, type) => {
  expect(readRaster(head)).toEqual({ type, width: 640, height: 480 })
})

it('turns what was taken on its side', () => {
  expect([1, 3, 6, 8].map((way) => readRaster(jpeg(way))?.width)).toEqual([640, 640, 480, 480])
})

it('knows no markup, no text, and nothing that would unpack into gigabytes', () => {
  for (const text of ['<svg xmlns="http://www.w3.org/2000/svg"/>', '<!doctype html><script>', '%PDF-1.7', '', 'BM']) {
    expect(readRaster(Buffer.from(text.padEnd(40)))).toBeUndefined()
  }
  expect(readRaster(png(16_384, 4_096))).toBeDefined()
  for (const [width, height] of [
    [0, 10],
    [16_385, 1],
    [16_384, 4_097],
    [4_294_967_295, 4_294_967_295],
  ] as const) {
    expect(readRaster(png(width, height))).toBeUndefined()
  }
})

it('takes whatever follows the first bytes of an image, and any piece of one', () => {
  const starts = [png(640, 480), jpeg(6), hex('ffd8ffe1'), Buffer.from('GIF89a'), Buffer.from('RIFFxxxxWEBPVP8X')]
  fc.assert(
    fc.property(fc.constantFrom(...starts), fc.nat(60), fc.uint8Array({ maxLength: 200 }), (start, cut, rest) => {
      const found = readRaster(Buffer.concat([start.subarray(0, cut), rest]))
      if (found) expect(found.width * found.height).toBeGreaterThan(0)
    }),
  )
})
