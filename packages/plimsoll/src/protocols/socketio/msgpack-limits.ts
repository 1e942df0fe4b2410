/** Deeper nesting would exhaust the stack of a decoder that calls itself. */
const MAX_DEPTH = 512

/** Octets after the prefix of a scalar, from 0xc0; -1: see the code. https://github.com/msgpack/msgpack/blob/master/spec.md */
const sizes = [0, -1, 0, 0, -1, -1, -1, -1, -1, -1, 4, 8, 1, 2, 4, 8, 1, 2, 4, 8, 2, 3, 5, 9, 17]

/**
 * Walks over msgpack without decoding it. A few octets can announce four billion elements, for which a decoder makes
 * room at once; here every element must have its octet.
 * @throws {RangeError} when lengths do not fit into `bytes`, or values are nested too deep
 */
export function checkMsgpack(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  /** Values still to come on each level. */
  const open: number[] = [1]
  let at = 0
  const begin = (values: number) => {
    if (values > bytes.length - at) throw new RangeError(`${values} values are announced in ${bytes.length - at} B`)
    if (open.length >= MAX_DEPTH) throw new RangeError(`values are nested more than ${MAX_DEPTH} deep`)
    open.push(values)
  }
  while (open.length > 0) {
    const left = open[open.length - 1] as number
    if (left === 0) {
      open.pop()
      continue
    }
    open[open.length - 1] = left - 1
    const prefix = view.getUint8(at++)
    if (prefix < 0x80 || prefix >= 0xe0) continue
    if (prefix < 0x90) begin(2 * (prefix & 15))
    else if (prefix < 0xa0) begin(prefix & 15)
    else if (prefix < 0xc0) at += prefix & 31
    else if (prefix < 0xd9) at += lengthFrom(view, prefix, at)
    else if (prefix < 0xdc) at += widthOf(prefix - 0xd9) + readLength(view, at, prefix - 0xd9)
    else {
      const size = ((prefix - 0xdc) & 1) + 1
      const values = readLength(view, at, size)
      at += widthOf(size)
      begin(prefix < 0xde ? values : 2 * values)
    }
    if (at > bytes.length) throw new RangeError('a value goes past the end')
  }
}

/** Octets that follow a prefix from 0xc0 to 0xd8. */
function lengthFrom(view: DataView, prefix: number, at: number): number {
  const size = sizes[prefix - 0xc0] ?? -1
  if (size >= 0) return size
  if (prefix === 0xc1) throw new RangeError('a value of the type that is never used')
  const power = prefix < 0xc7 ? prefix - 0xc4 : prefix - 0xc7
  return widthOf(power) + readLength(view, at, power) + (prefix < 0xc7 ? 0 : 1)
}

/** Octets of a length field of 8, 16 or 32 bits. */
const widthOf = (power: number) => 1 << power

const readLength = (view: DataView, at: number, power: number) =>
  power === 0 ? view.getUint8(at) : power === 1 ? view.getUint16(at) : view.getUint32(at)
