import type { TransportError } from '../http/exchange.ts'
import type { SocketClose } from '../websocket/types.ts'

/** How connections end, in the words of the official client. */
export const lostBy = (error: TransportError, code = 1006): SocketClose => ({
  code,
  reason: reasonOf(error),
  by: 'failure',
  error,
})

export const closedByServer = (code: number): SocketClose => ({
  code,
  reason: 'transport close',
  by: 'peer',
  error: undefined,
})

export const cutByUs: SocketClose = { code: 1006, reason: 'transport close', by: 'cut', error: undefined }
export const leftByUs: SocketClose = { code: 1005, reason: 'io client disconnect', by: 'us', error: undefined }
export const leftByServer: SocketClose = { code: 1005, reason: 'io server disconnect', by: 'peer', error: undefined }

function reasonOf({ code }: TransportError): string {
  switch (code) {
    case 'TIMEOUT_HEARTBEAT':
      return 'ping timeout'
    case 'MALFORMED_PACKET':
    case 'TOO_MANY_ATTACHMENTS':
    case 'UNKNOWN_ACK':
    case 'UNKNOWN_NAMESPACE':
      return 'parse error'
    default:
      return 'transport error'
  }
}
