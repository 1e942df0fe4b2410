// JavaScript, as Node 20 takes no types away from what a thread begins with.
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { keccak_256 } from '@noble/hashes/sha3.js'

/**
 * The address that signed the text, in lower case; undefined for what is no signature. EIP-191, version 0x45
 * (`personal_sign`), over secp256k1 with the recovery bit in the last byte.
 */
export function signerOf(message, signature) {
  const bytes = Buffer.from(signature.slice(2), 'hex')
  const recovery = (bytes[64] ?? 0) >= 27 ? (bytes[64] ?? 0) - 27 : (bytes[64] ?? 0)
  if (bytes.length !== 65 || recovery > 1) return undefined
  try {
    const point = secp256k1.Signature.fromBytes(bytes.subarray(0, 64), 'compact')
      .addRecoveryBit(recovery)
      .recoverPublicKey(personalHash(message))
    return addressOf(point.toBytes(false))
  } catch {
    return undefined
  }
}

/** EIP-191: `0x19 "Ethereum Signed Message:\n" length message`. */
export function personalHash(message) {
  const text = Buffer.from(message)
  return keccak_256(Buffer.concat([Buffer.from(`\x19Ethereum Signed Message:\n${text.length}`), text]))
}

/** Of an uncompressed public key: the last 20 bytes of its hash. */
export function addressOf(publicKey) {
  return `0x${Buffer.from(keccak_256(publicKey.subarray(1)).subarray(12)).toString('hex')}`
}
