import { isUtf8 } from 'node:buffer'
import { TransportError } from '../http/exchange.ts'

/** What a decoder writes for octets that are no UTF-8; text may contain it in its own right too. */
const REPLACEMENT = '\ufffd'

/** @throws {TransportError} MALFORMED_UTF8 */
export function decodeText(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString('utf8', start, end)
  if (text.includes(REPLACEMENT) && !isUtf8(bytes.subarray(start, end))) throw malformedUtf8()
  return text
}

/**
 * Checks text that has not arrived in full, so that a wrong octet is found when it comes and not at the end.
 * @returns where to check on: the start of a character that is cut, or `end`
 * @throws {TransportError} MALFORMED_UTF8
 */
export function checkTextSoFar(bytes: Buffer, start: number, end: number): number {
  const whole = endOfWholeCharacters(bytes, start, end)
  if (!isUtf8(bytes.subarray(start, whole)) || (whole < end && !mayBecomeCharacter(bytes, whole, end))) {
    throw malformedUtf8()
  }
  return whole
}

function endOfWholeCharacters(bytes: Buffer, start: number, end: number): number {
  for (let at = end - 1; at >= start && at >= end - 3; at--) {
    const octet = bytes[at]!
    if ((octet & 0xc0) === 0x80) continue
    const length = octet >= 0xf0 ? 4 : octet >= 0xe0 ? 3 : octet >= 0xc0 ? 2 : 1
    return at + length > end ? at : end
  }
  return end
}

/** Whether a cut character can go on to be one: RFC 3629 §4 narrows the octet that follows some first ones. */
function mayBecomeCharacter(bytes: Buffer, start: number, end: number): boolean {
  const first = bytes[start]!
  if (first < 0xc2 || first > 0xf4) return false
  if (end - start < 2) return true
  const second = bytes[start + 1]!
  if (first === 0xe0) return second >= 0xa0
  if (first === 0xed) return second < 0xa0
  if (first === 0xf0) return second >= 0x90
  if (first === 0xf4) return second < 0x90
  return true
}

const malformedUtf8 = () => new TransportError('MALFORMED_UTF8', 'the server sent text that is no UTF-8')
