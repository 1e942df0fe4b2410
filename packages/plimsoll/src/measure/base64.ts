/** Base64 (RFC 4648 §4) without Buffer, because this folder also runs in the browser. */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const VALUES = new Int16Array(128).fill(-1)
for (let i = 0; i < ALPHABET.length; i++) VALUES[ALPHABET.charCodeAt(i)] = i

export function encodeBase64(bytes: Uint8Array): string {
  let text = ''
  let i = 0
  for (; i + 2 < bytes.length; i += 3) {
    const word = (bytes[i]! << 16) | (bytes[i + 1]! << 8) | bytes[i + 2]!
    text += ALPHABET[word >> 18]! + ALPHABET[(word >> 12) & 63]! + ALPHABET[(word >> 6) & 63]! + ALPHABET[word & 63]!
  }
  const left = bytes.length - i
  if (left === 1) {
    const word = bytes[i]!
    text += `${ALPHABET[word >> 2]!}${ALPHABET[(word << 4) & 63]!}==`
  } else if (left === 2) {
    const word = (bytes[i]! << 8) | bytes[i + 1]!
    text += `${ALPHABET[word >> 10]!}${ALPHABET[(word >> 4) & 63]!}${ALPHABET[(word << 2) & 63]!}=`
  }
  return text
}

/** @throws {RangeError} when the text is not padded Base64. */
export function decodeBase64(text: string): Uint8Array {
  if (text.length % 4 !== 0) throw new RangeError(`not Base64: its length ${text.length} is no multiple of 4`)
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const bytes = new Uint8Array((text.length / 4) * 3 - padding)
  const end = text.length - padding
  let word = 0
  let bits = 0
  let at = 0
  for (let i = 0; i < end; i++) {
    const code = text.charCodeAt(i)
    const value = code < 128 ? VALUES[code]! : -1
    if (value < 0) throw new RangeError(`not Base64: ${JSON.stringify(text[i])} at ${i}`)
    word = ((word << 6) | value) & 0xffffff
    bits += 6
    if (bits >= 8) {
      bits -= 8
      bytes[at++] = (word >> bits) & 0xff
    }
  }
  return bytes
}
