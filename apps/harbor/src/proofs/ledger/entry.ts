import { hash } from 'node:crypto'

/** What an entry's hash covers, the entry before it included. */
export interface HashedFields {
  /** 32 bytes; zeros before the first entry. */
  readonly previousHash: Buffer
  readonly sequence: number
  readonly deviceId: string
  readonly captureId: string
  /** SHA-256 of the proof data's UTF-8 bytes. */
  readonly proofHash: Buffer
  /** Canonical JSON. */
  readonly metadata: string
  /** Whole milliseconds. */
  readonly lockedAt: Date
}

export interface LedgerEntry extends HashedFields {
  readonly hash: Buffer
}

export const sha256 = (data: string | Buffer): Buffer => hash('sha256', data, 'buffer')

/**
 * The hash of an entry: SHA-256 over seven fields in this order, each preceded by its length in bytes as an unsigned
 * 32-bit big-endian number, so that no two entries have the same bytes (docs/harbor.md, "The ledger's bytes").
 */
export function entryHash(fields: HashedFields): Buffer {
  const sequence = Buffer.allocUnsafe(8)
  sequence.writeBigUInt64BE(BigInt(fields.sequence))
  const parts = [
    fields.previousHash,
    sequence,
    Buffer.from(fields.deviceId),
    Buffer.from(fields.captureId),
    fields.proofHash,
    Buffer.from(fields.metadata),
    Buffer.from(fields.lockedAt.toISOString()),
  ]
  const bytes = Buffer.allocUnsafe(parts.reduce((sum, part) => sum + 4 + part.length, 0))
  let at = 0
  for (const part of parts) {
    at = bytes.writeUInt32BE(part.length, at)
    at += part.copy(bytes, at)
  }
  return sha256(bytes)
}

/** The name of a proof: a UUID of version 8 (RFC 9562) made of its hash, so that it cannot be changed either. */
export function proofId(hash: Buffer): string {
  const bytes = Buffer.from(hash.subarray(0, 16))
  bytes[6] = 0x80 | (bytes.readUInt8(6) & 0x0f)
  bytes[8] = 0x80 | (bytes.readUInt8(8) & 0x3f)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
