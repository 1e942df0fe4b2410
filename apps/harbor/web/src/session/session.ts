import { ApiError, get, post, renewSessionsWith } from '../net/api.ts'
import { openDatabase, removeDatabase } from '../state/database.ts'
import { Value } from '../state/value.ts'

export interface User {
  readonly id: string
  readonly email: string | null
  readonly address: string | null
  readonly name: string
  readonly role: 'member' | 'admin'
}

interface SignedIn {
  readonly user: User
  readonly refresh_token: string
}

const key = 'harbor-session'

/** Who is signed in; undefined when nobody is. */
export const user = new Value<User | undefined>(undefined)

renewSessionsWith(renew)

// Another page of this browser signed out, or in as someone else.
addEventListener('storage', (event: StorageEvent) => {
  if (event.key === key && read()?.user.id !== user.current?.id) location.reload()
})

/** As the last visit left it, so that a page without a network opens too. */
export function restoreSession(): void {
  const stored = read()
  if (stored) begin(stored)
}

export const register = async (email: string, password: string, name: string): Promise<void> =>
  begin(await post<SignedIn>('/api/auth/register', { email, password, name }))

export const signIn = async (email: string, password: string): Promise<void> =>
  begin(await post<SignedIn>('/api/auth/login', { email, password }))

export const signInWithSignature = async (address: string, signature: string): Promise<void> =>
  begin(await post<SignedIn>('/api/auth/login', { address, signature }))

/** Ends the session here and on the server, and removes what this browser kept of it. */
export async function signOut(): Promise<void> {
  await post('/api/auth/logout').catch(() => undefined)
  await end()
}

/** @returns false when nobody is signed in any more. Throws an `ApiError` of status 0 when nobody can say. */
export async function checkSession(): Promise<boolean> {
  try {
    await get('/api/auth/me')
    return true
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return false
    throw error
  }
}

/** @returns false when nobody is signed in any more. A refresh token is good once; pages of one browser take turns, and the second finds what the first was given. */
async function renew(): Promise<boolean> {
  const before = read()?.refresh_token
  const turn = async (): Promise<boolean> => {
    const stored = read()
    if (stored === undefined) return false
    if (stored.refresh_token !== before) return true
    try {
      write(await post<SignedIn>('/api/auth/refresh', { refresh_token: stored.refresh_token }))
      return true
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 401)) throw error
      await end()
      return false
    }
  }
  // Without locks, as in pages that are not secure, there is but the hope that no other page asks at the same time.
  return navigator.locks ? navigator.locks.request(key, turn) : turn()
}

function begin(signedIn: SignedIn): void {
  write(signedIn)
  openDatabase(signedIn.user.id)
  user.set(signedIn.user)
}

async function end(): Promise<void> {
  localStorage.removeItem(key)
  const removal = removeDatabase()
  user.set(undefined)
  await removal
}

/** The session's own token is in a cookie that no script can read; this is the name, and what renews it. */
function write({ user, refresh_token }: SignedIn): void {
  localStorage.setItem(key, JSON.stringify({ user, refresh_token }))
}

function read(): SignedIn | undefined {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? 'null')
    return (stored as SignedIn | null) ?? undefined
  } catch {
    return undefined
  }
}
