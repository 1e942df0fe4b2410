import { randomBytes } from 'node:crypto'

/** Longer frames get a buffer of their own. What Node's sockets take from a text without copying it to the heap. */
const MOST_SHORT = 16 * 1024
/** Where payloads begin: the longest head is 14 octets, and so its mask, just before, is a word of its own. */
const PAYLOAD = 16
const MASK_WORD = 3
const MASKED = 0x80

/** All connections of a thread compose their short frames here, one at a time. */
const scratch = Buffer.allocUnsafeSlow(PAYLOAD + MOST_SHORT)
const scratchWords = new Uint32Array(scratch.buffer)

/**
 * A whole frame as text of one character an octet; undefined when it may be too long for that.
 * @param first its first octet
 */
export function shortFrame(first: number, payload: string | Uint8Array): string | undefined {
  const room = typeof payload === 'string' ? payload.length * 3 : payload.length
  if (room > MOST_SHORT - PAYLOAD) return undefined
  const length = put(scratch, payload)
  const start = seal(scratch, scratchWords, first, length)
  return scratch.toString('latin1', start, PAYLOAD + length)
}

/** A whole frame, of any length. */
export function longFrame(first: number, payload: string | Uint8Array): Buffer {
  const length = typeof payload === 'string' ? Buffer.byteLength(payload) : payload.length
  const frame = Buffer.allocUnsafeSlow(PAYLOAD + ((length + 3) & ~3))
  put(frame, payload)
  const start = seal(frame, new Uint32Array(frame.buffer), first, length)
  return frame.subarray(start, PAYLOAD + length)
}

function put(frame: Buffer, payload: string | Uint8Array): number {
  if (typeof payload === 'string') return frame.write(payload, PAYLOAD, 'utf8')
  frame.set(payload, PAYLOAD)
  return payload.length
}

/** Masks the payload, a word at a time, and writes the head before it. Returns where the frame begins. */
function seal(frame: Buffer, words: Uint32Array, first: number, length: number): number {
  const mask = nextMask()
  words[MASK_WORD] = mask
  const end = (PAYLOAD + length + 3) >> 2
  for (let i = PAYLOAD >> 2; i < end; i++) words[i] = words[i]! ^ mask
  if (length < 126) {
    frame[10] = first
    frame[11] = MASKED | length
    return 10
  }
  if (length < 0x10000) {
    frame[8] = first
    frame[9] = MASKED | 126
    frame.writeUInt16BE(length, 10)
    return 8
  }
  frame[2] = first
  frame[3] = MASKED | 127
  frame.writeUInt32BE(Math.floor(length / 2 ** 32), 4)
  frame.writeUInt32BE(length >>> 0, 8)
  return 2
}

let state = randomBytes(4).readUInt32LE(0) | 1

/**
 * Masks keep scripts in browsers from writing octets of their choice on the wire, past proxies (RFC 6455 §10.3). Here
 * the plan's author is no attacker, so numbers that merely differ do: Marsaglia's xorshift, begun at random.
 */
function nextMask(): number {
  state ^= state << 13
  state ^= state >>> 17
  state ^= state << 5
  return state
}
