import { randomBytes } from 'node:crypto'
import type { KeyValue } from '../redis/key-value.ts'
import type { Signatures } from './signatures.ts'

const nonceLifetime = 5 * 60_000

export interface Wallets {
  /** The text for the owner of the address (in lower case) to sign; the same until it is used or five minutes old. */
  challenge(address: string): Promise<string>
  /** True once for a signature of the challenge by the address. @throws {HttpError} 503 when too many sign-ins wait */
  accept(address: string, signature: string): Promise<boolean>
}

export function openWallets(store: KeyValue, signatures: Pick<Signatures, 'signerOf'>): Wallets {
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
      if (nonce === undefined) return false
      const signer = await signatures.signerOf({ message: messageFor(address, nonce), signature })
      if (signer !== address) return false
      // Of two that come at once with the same signature, one takes the nonce.
      return (await store.take(key(address))) === nonce
    },
  }
}

const messageFor = (address: string, nonce: string): string =>
  `Harbor asks you to sign in with your wallet.\n\nAddress: ${address}\nNonce: ${nonce}`
