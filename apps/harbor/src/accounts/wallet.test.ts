import { expect, it } from 'vitest'
import { LocalKeyValue } from '../redis/in-process.ts'
import { openWallets } from './wallet.ts'

const address = '0x2c7536e3605d9c16a7a3d7b1898e529396a65c23'

it('gives each wallet its challenge, another one after five minutes', async () => {
  let now = 0
  const wallets = openWallets(new LocalKeyValue(() => now), { signerOf: async () => undefined })
  const first = await wallets.challenge(address)
  expect(first).toContain(address)
  expect(await wallets.challenge(address)).toBe(first)
  expect(await wallets.challenge(`0x${'0'.repeat(40)}`)).not.toBe(first)
  now = 5 * 60_000
  expect(await wallets.challenge(address)).not.toBe(first)
})
