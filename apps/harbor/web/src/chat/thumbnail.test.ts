import { expect, test } from 'vitest'
import { thumbnailSize } from './thumbnail.ts'

test('its longer side has 640 pixels at most, and no side is lost', () => {
  expect(thumbnailSize({ width: 4000, height: 3000 })).toEqual({ width: 640, height: 480 })
  expect(thumbnailSize({ width: 300, height: 1280 })).toEqual({ width: 150, height: 640 })
  expect(thumbnailSize({ width: 320, height: 200 })).toEqual({ width: 320, height: 200 })
  expect(thumbnailSize({ width: 16_384, height: 1 })).toEqual({ width: 640, height: 1 })
})
