import { randomBytes } from 'node:crypto'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import type { KeyValue } from '../redis/key-value.ts'

const nonceLifetime = 5 * 60_000

export interface Wallets {
  /** The text for the owner of the address (in lower case) to sign; the same until it is used or five minutes old. */
  challenge(address: string): Promise<string>
  /** True once for a signature of the challenge by the address. */
  accept(address: string, signature: string): Promise<boolean>
}

export function openWallets(store: KeyValue): Wallets {
  const key = (address: string) => `harbor:wallet-nonce:${address}`
  return {
    async challenge(address) {
      const nonce = randomBytes(16).toString('hex')
      // Who asks again for another's address does not make void what the owner is just signing.
      const isNew = await store.setIfAbsent(key(address), nonce, nonceLifetime)
      return messageFor(address, isNew ? nonce : ((await store.get(key(address))) ?? nonce))
    },
    async accept(address, signature) {
      const nonce = await store.get(key(address))
      if (nonce === undefined || signerOf(messageFor(address, nonce), signature) !== address) return false
      // Of two that come at once with the same signature, one takes the nonce.
      return (await store.take(key(address))) === nonce
    },
  }
}

const messageFor = (address: string, nonce: string): string =>
  `Harbor asks you to sign in with your wallet.\n\nAddress: ${address}\nNonce: ${nonce}`

/**
 * The address that signed the text, in lower case; undefined for what is no signature. EIP-191, version 0x45
 * (`personal_sign`), over secp256k1 with the recovery bit in the last byte.
 */
export function signerOf(message: string, signature: string): string | undefined {
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
export function personalHash(message: string): Uint8Array {
  const text = Buffer.from(message)
  return keccak_256(Buffer.concat([Buffer.from(`\x19Ethereum Signed Message:\n${text.length}`), text]))
}

/** Of an uncompressed public key: the last 20 bytes of its hash. */
export function addressOf(publicKey: Uint8Array): string {
  return `0x${Buffer.from(keccak_256(publicKey.subarray(1)).subarray(12)).toString('hex')}`
}
