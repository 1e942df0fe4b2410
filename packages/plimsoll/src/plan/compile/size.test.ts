import { expect, it } from 'vitest'
import { parseSize } from './size.ts'

it.each([
  ['64KB', 64_000],
  ['64KiB', 65_536],
  ['1.5 MB', 1_500_000],
  ['2GiB', 2 * 1024 ** 3],
  ['10B', 10],
  ['0B', 0],
  [512, 512],
  [0, 0],
] as const)('%s is a size', (text, bytes) => expect(parseSize(text)).toBe(bytes))

it.each(['', '64', 'KB', '-1KB', '1,5MB', '64kb', '1TB', ' 1KB', '1e3B', -1, 1.5, Number.NaN, null, undefined, true])(
  '%j is none',
  (value) => expect(parseSize(value)).toBeUndefined(),
)
