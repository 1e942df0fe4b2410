import type { TransportErrorCode } from '../http/exchange.ts'

export const NORMAL_CLOSURE = 1000
/** There was a close frame, without a code. Never sent. */
export const NO_CODE = 1005
/** There was no close frame. Never sent. */
export const NO_CLOSE_FRAME = 1006

/** Whether a close frame may carry the code: RFC 6455 §7.4, and what IANA has registered since. */
export function isCloseCode(code: number): boolean {
  if (code >= 3000) return code <= 4999
  return code >= 1000 && code <= 1014 && code !== 1004 && code !== NO_CODE && code !== NO_CLOSE_FRAME
}

/** What a peer is told that broke the protocol, or a limit of ours. */
export function closeCodeOf(error: TransportErrorCode): number {
  switch (error) {
    case 'MALFORMED_UTF8':
    case 'MALFORMED_DEFLATE':
      return 1007
    case 'MESSAGE_TOO_LARGE':
      return 1009
    case 'TOO_MANY_FRAGMENTS':
    case 'CONTROL_FLOOD':
      return 1008
    default:
      return 1002
  }
}
