import { createReadStream, statSync } from 'node:fs'
import { TransportError } from './exchange.ts'
import type { FileBody } from './types.ts'

/** @throws {TransportError} REQUEST_BODY_FAILED */
export function sizeOfFile(file: FileBody): number {
  try {
    const stats = statSync(file.path)
    if (!stats.isFile()) throw new Error(`${file.path} is no regular file`)
    return stats.size
  } catch (error) {
    throw new TransportError('REQUEST_BODY_FAILED', `cannot read the file to send: ${(error as Error).message}`, error)
  }
}

/** The file's octets, read while they are asked for. */
export const openAsBytes = (file: FileBody): AsyncIterable<Uint8Array> =>
  createReadStream(file.path, { highWaterMark: 256 * 1024 })
