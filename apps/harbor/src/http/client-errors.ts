import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { type ErrorStatus, HttpError } from './http-error.ts'

const known: Readonly<Record<string, readonly [ErrorStatus, string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not arrive in time.'],
  HPE_HEADER_OVERFLOW: [431, 'The headers are too large.'],
}

/** Bytes that are not HTTP get the same envelope as everything else, then the connection is closed. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  const [status, message] = known[error.code ?? ''] ?? [400, 'The request is not valid HTTP.']
  const body = JSON.stringify(new HttpError(status, message).envelope)
  if (!socket.writable) {
    socket.destroy()
    return
  }
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  )
}
