/** The octets that HTTP/1.1's grammar names, and which of them may stand where (RFC 9110 §5.5, §5.6.2). */
export const HT = 0x09
export const LF = 0x0a
export const CR = 0x0d
export const SP = 0x20
export const COLON = 0x3a
export const SEMICOLON = 0x3b
export const DEL = 0x7f

const tokenMarks = "!#$%&'*+-.^_`|~"

/** 1 where the octet may stand in a field name. */
export const TOKEN = new Uint8Array(256)
/** 1 where the octet may stand in a field value: HT, SP, visible ASCII and obs-text. */
export const VALUE = new Uint8Array(256)

for (let octet = 0; octet < 256; octet++) {
  const letter = String.fromCharCode(octet)
  if (/[0-9A-Za-z]/.test(letter) || (octet < 0x80 && tokenMarks.includes(letter))) TOKEN[octet] = 1
  if (octet === HT || (octet >= SP && octet !== DEL)) VALUE[octet] = 1
}

/** Whether the octets from `start` spell `lowerCaseName`, letters compared without case. The lengths must be equal. */
export function spells(bytes: Uint8Array, start: number, lowerCaseName: string): boolean {
  for (let i = 0; i < lowerCaseName.length; i++) {
    if ((bytes[start + i]! | 0x20) !== lowerCaseName.charCodeAt(i)) return false
  }
  return true
}
