import { type Ratio, ratio } from '../../base/units.ts'
import type { Reader } from './reader.ts'

/** Reads a share such as `'10%'`. */
export function percent(reader: Reader, key: string, fallback: Ratio): Ratio {
  const value = reader.raw(key)
  if (value === undefined) return fallback
  const number = typeof value === 'string' ? /^(\d+(?:\.\d+)?)\s*%$/.exec(value)?.[1] : undefined
  if (number !== undefined && Number(number) <= 100) return ratio(Number(number) / 100)
  reader.note(key, value, "a share such as '10%'")
  return fallback
}
