import type { Codec } from '../../plan/sockets.ts'

/** JSON texts. Strings and bytes go as they are; bytes that come are handed on as they are. */
export const jsonCodec: Codec = {
  encode: (message) =>
    typeof message === 'string' || message instanceof Uint8Array ? message : JSON.stringify(message),
  decode: (data) => (typeof data === 'string' ? JSON.parse(data) : Uint8Array.from(data)),
}
