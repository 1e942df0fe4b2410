import fc from 'fast-check'
import { expect, it } from 'vitest'
import { personalHash, signerOf } from './signer.mjs'

// The example of web3.js's documentation of `eth.accounts.sign`.
const example = {
  message: 'Some data',
  hash: '1da44b586eb0729ff70a73c326926f6ed5a25f5b056e7f47fbc6e58d86871655',
  signature:
    '0xb91467e570a6466aa9e9876cbcd013baba02900b8979d43fe208a4a4f339f5fd6007e74cd82e037b800186422fc2da167c747ef045e5d18a5f5d4300f8e1a0291c',
  address: '0x2c7536e3605d9c16a7a3d7b1898e529396a65c23',
}

it('hashes and recovers as wallets sign', () => {
  expect(Buffer.from(personalHash(example.message)).toString('hex')).toBe(example.hash)
  expect(signerOf(example.message, example.signature)).toBe(example.address)
  // The recovery bit is written as 27 and 28, or as 0 and 1.
  expect(signerOf(example.message, `${example.signature.slice(0, -2)}01`)).toBe(example.address)
})

it('recovers nobody, or somebody else, from anything else', () => {
  expect(signerOf(`${example.message}!`, example.signature)).not.toBe(example.address)
  const bytes = fc.uint8Array({ maxLength: 70 }).map((any) => `0x${Buffer.from(any).toString('hex')}`)
  fc.assert(fc.property(bytes, (signature) => signerOf(example.message, signature) !== example.address))
  for (const wrong of ['', '0x', '0xzz', `0x${'ff'.repeat(65)}`, `0x${'00'.repeat(65)}`, `${example.signature}00`]) {
    expect(signerOf(example.message, wrong)).toBeUndefined()
  }
})
