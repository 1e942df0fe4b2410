import { afterEach, expect, it } from 'vitest'
import { Gate } from '../resilience/gate.ts'
import { Signatures } from './signatures.ts'

const gate = new Gate({ atOnce: 2, waiting: 50, what: 'sign-ins' })
const signatures = new Signatures(gate)
afterEach(() => signatures.close())

// The example of web3.js's documentation of `eth.accounts.sign`.
const signed = {
  message: 'Some data',
  signature:
    '0xb91467e570a6466aa9e9876cbcd013baba02900b8979d43fe208a4a4f339f5fd6007e74cd82e037b800186422fc2da167c747ef045e5d18a5f5d4300f8e1a0291c',
}
const signer = '0x2c7536e3605d9c16a7a3d7b1898e529396a65c23'

it('finds signers on another thread, each with its own answer, while this one goes on', async () => {
  let turns = 0
  let isOver = false
  const turn = () => {
    turns += 1
    if (!isOver) setImmediate(turn)
  }
  const asked = Array.from({ length: 40 }, (_, index) =>
    signatures.signerOf(index % 2 === 0 ? signed : { ...signed, signature: '0x' }),
  )
  turn()
  const found = await Promise.all(asked)
  isOver = true
  expect(found).toEqual(asked.map((_, index) => (index % 2 === 0 ? signer : undefined)))
  // On this thread it would be a turn for each signature, and not one between.
  expect(turns).toBeGreaterThan(100)
})

it('refuses whom the line of all sign-ins has no place for', async () => {
  const asked = await Promise.allSettled(Array.from({ length: 53 }, () => signatures.signerOf(signed)))
  expect(asked.filter(({ status }) => status === 'rejected').map((each) => each.status)).toHaveLength(1)
  expect(asked.at(-1)).toMatchObject({ reason: { status: 503 } })
})

it('begins another thread when one has ended', async () => {
  expect(await signatures.signerOf(signed)).toBe(signer)
  await signatures.close()
  expect(await signatures.signerOf(signed)).toBe(signer)
})
