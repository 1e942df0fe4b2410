import type { IncomingMessage } from 'node:http'

const mostBytes = 64 * 1024 * 1024
const mostTime = 5_000

/**
 * Reads and forgets the rest of a request that was refused for its size, within limits. Many clients read no answer
 * before they have sent everything, and see only a broken connection when it is closed on them.
 */
export function discardBody(request: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    let read = 0
    const count = (piece: Buffer) => {
      read += piece.length
      if (read > mostBytes) finish()
    }
    const finish = () => {
      clearTimeout(timer)
      request.off('data', count).off('end', finish).off('close', finish)
      resolve()
    }
    const timer = setTimeout(finish, mostTime)
    if (request.readableEnded || request.destroyed) finish()
    else request.on('data', count).on('end', finish).on('close', finish).resume()
  })
}
