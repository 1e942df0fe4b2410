import { type Millis, millis } from '../../base/units.ts'
import type { Exchange, TransportError } from './exchange.ts'

const never = millis(0)

/**
 * The instants of one exchange. Slots are used again by later exchanges: their numbers are boxed once and then
 * overwritten, which spares ten small allocations for each request.
 */
export class Slot implements Exchange {
  method = ''
  url = ''
  askedAt: Millis = never
  assignedAt: Millis = never
  connectStart: Millis = never
  connectEnd: Millis = never
  tlsEnd: Millis = never
  sendStart: Millis = never
  sendEnd: Millis = never
  firstByte: Millis = never
  end: Millis = never
  /** The next instant at which a timeout is due. */
  expires: Millis = never
  /** When the whole request, redirects included, is out of time. */
  totalBy: Millis = never
  status = 0
  error: TransportError | undefined = undefined
  bytesSent = 0
  bytesReceived = 0

  begin(method: string, url: string, now: Millis, totalBy: Millis): void {
    this.method = method
    this.url = url
    this.askedAt = now
    this.totalBy = totalBy
    this.expires = totalBy
    this.end = never
    this.status = 0
    this.error = undefined
    this.bytesSent = 0
    this.bytesReceived = 0
    this.assignedAt = never
    this.forgetConnection()
  }

  /** Everything from the connection on is measured anew, on another one. */
  forgetConnection(): void {
    this.connectStart = never
    this.connectEnd = never
    this.tlsEnd = never
    this.sendStart = never
    this.sendEnd = never
    this.firstByte = never
  }
}
