import { post } from '../net/api.ts'
import { signInWithSignature } from './session.ts'

/** EIP-1193. */
interface Provider {
  request(call: { readonly method: string; readonly params?: readonly unknown[] }): Promise<unknown>
}

const provider = () => (globalThis as { ethereum?: Provider }).ethereum

export const hasWallet = (): boolean => provider() !== undefined

/** EIP-1193: what a wallet says when its owner says no. */
const userRejected = 4001

/** Has the wallet sign harbor's message (EIP-191). Throws an `Error` for people to read. */
export async function signInWithWallet(): Promise<void> {
  const wallet = provider()
  if (wallet === undefined) throw new Error('There is no wallet in this browser.')
  const [address] = (await ask(wallet, 'eth_requestAccounts', [])) as readonly string[]
  if (address === undefined) throw new Error('Your wallet shared no account.')
  const { message } = await post<{ message: string }>('/api/auth/wallet/nonce', { address })
  const signature = (await ask(wallet, 'personal_sign', [toHex(message), address])) as string
  await signInWithSignature(address, signature)
}

async function ask(wallet: Provider, method: string, params: readonly unknown[]): Promise<unknown> {
  try {
    return await wallet.request({ method, params })
  } catch (error) {
    const { code, message } = error as { code?: number; message?: string }
    throw new Error(code === userRejected ? 'You declined in your wallet.' : `Your wallet says: ${message ?? 'no'}`)
  }
}

const toHex = (text: string): string =>
  `0x${[...new TextEncoder().encode(text)].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
