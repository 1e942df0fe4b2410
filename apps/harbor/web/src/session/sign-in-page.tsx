import { useEffect, useState } from 'preact/hooks'
import { reasonOf } from '../app/reason.ts'
import { titlePage } from '../app/title.ts'
import { Icon } from '../parts/icon.tsx'
import { register, signIn } from './session.ts'
import { hasWallet, signInWithWallet } from './wallet.ts'

export function SignInPage() {
  const [isNew, setIsNew] = useState(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState('')
  useEffect(() => {
    titlePage(isNew ? 'Create an account' : 'Sign in')
  }, [isNew])

  async function attempt(enter: () => Promise<void>): Promise<void> {
    setBusy(true)
    setProblem('')
    try {
      await enter()
    } catch (error) {
      setProblem(reasonOf(error))
      setBusy(false)
    }
  }

  function submit(event: SubmitEvent): void {
    event.preventDefault()
    const fields = new FormData(event.currentTarget as HTMLFormElement)
    const field = (name: string) => String(fields.get(name) ?? '')
    const [email, password] = [field('email').trim(), field('password')]
    void attempt(() => (isNew ? register(email, password, field('name').trim()) : signIn(email, password)))
  }

  return (
    <main class="sign-in">
      <div class="sign-in-card">
        <div class="brand">
          <Icon name="anchor" /> Harbor
        </div>
        <h1>{isNew ? 'Create an account' : 'Welcome back'}</h1>
        <p class="quiet">
          {isNew
            ? 'Rooms and shared documents that wait for you when you are offline.'
            : 'Sign in to your rooms and documents.'}
        </p>
        <form onSubmit={submit}>
          {isNew && (
            <label>
              Your name
              <input name="name" autocomplete="name" required maxLength={100} />
            </label>
          )}
          <label>
            Email
            <input name="email" type="email" autocomplete="username" required maxLength={254} />
          </label>
          <label>
            Password
            <input
              name="password"
              type="password"
              autocomplete={isNew ? 'new-password' : 'current-password'}
              required
              minLength={8}
              maxLength={256}
              aria-describedby={isNew ? 'password-hint' : undefined}
            />
            {isNew && (
              <span id="password-hint" class="quiet small">
                At least 8 characters.
              </span>
            )}
          </label>
          <div role="alert" class="problem">
            {problem}
          </div>
          <button type="submit" class="button primary wide" disabled={busy}>
            {isNew ? 'Create account' : 'Sign in'}
          </button>
        </form>
        <p class="or">
          <span>or</span>
        </p>
        <button
          type="button"
          class="button wide"
          disabled={busy || !hasWallet()}
          onClick={() => void attempt(signInWithWallet)}
        >
          Sign in with a wallet
        </button>
        {!hasWallet() && (
          <p class="quiet small">
            There is no wallet in this browser. Install one that speaks EIP-1193, such as MetaMask, and reload this
            page.
          </p>
        )}
        <p class="switch">
          {isNew ? 'You have an account?' : 'New here?'}{' '}
          <button
            type="button"
            class="link"
            onClick={() => {
              setIsNew(!isNew)
              setProblem('')
            }}
          >
            {isNew ? 'Sign in' : 'Create an account'}
          </button>
        </p>
      </div>
    </main>
  )
}
