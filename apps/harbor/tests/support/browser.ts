import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'
import { password } from './people.ts'

const candidates = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].filter((path) => path !== undefined)

/** Starts the machine's own Chromium; without one the tests fail and say how to get it. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = candidates.find((path) => existsSync(path))
  if (executablePath === undefined) {
    throw new Error(
      `The web client's tests need Chromium; looked for ${candidates.join(', ')}. ` +
        'Install it (Debian, Ubuntu: sudo apt-get install chromium; macOS: brew install --cask chromium) ' +
        'or set CHROMIUM to the path of a Chrome or Chromium.',
    )
  }
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync', '--no-first-run'],
  })
}

interface Look {
  readonly colorScheme?: 'light' | 'dark'
  readonly viewport?: { readonly width: number; readonly height: number }
}

/** Someone who signed up on the page, in a browser profile of her own. Complaints of the page fail the test that asks. */
export async function newcomer(browser: Browser, url: string, name: string, look: Look = {}) {
  const context = await browser.newContext(look)
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    // What the network lacks the browser says itself.
    if (message.type() === 'error' && !message.text().includes('net::ERR')) complaints.push(message.text())
  })
  await page.goto(url)
  await page.getByRole('button', { name: 'Create an account' }).click()
  await page.getByLabel('Your name').fill(name)
  await page.getByLabel('Email').fill(`${name.toLowerCase().replaceAll(' ', '.')}@example.org`)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.getByRole('heading', { name: 'Rooms', exact: true }).waitFor({ state: 'attached' })
  return { name, context, page, complaints }
}

export type Newcomer = Awaited<ReturnType<typeof newcomer>>

/** Makes a room on the page. @returns its id */
export async function createRoom(page: Page, name: string): Promise<string> {
  await page.getByRole('button', { name: 'Find or create a room' }).click()
  await page.getByLabel('Name of the room').fill(name)
  await page.getByRole('button', { name: 'Create', exact: true }).click()
  await page.getByRole('heading', { name, level: 1 }).waitFor()
  return new URL(page.url()).pathname.split('/').at(-1) ?? ''
}

export async function joinRoom(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Find or create a room' }).click()
  await page.getByRole('button', { name: `Join ${name}` }).click()
  await page.getByRole('heading', { name, level: 1 }).waitFor()
}

export async function say(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: /^Message to/ }).fill(text)
  await page.keyboard.press('Enter')
}

/** Waits for a message that harbor has. */
export const hears = (page: Page, text: string): Promise<void> =>
  page.locator('.message:not(.draft) p', { hasText: text }).waitFor()

/** What stands in the list, from top to bottom. */
export const shown = (page: Page): Promise<readonly string[]> => page.locator('.message p').allTextContents()

/** A page without a window is never hidden by itself. */
const setHidden = (page: Page, hidden: boolean): Promise<void> =>
  page.evaluate(`(() => {
    Object.defineProperty(document, 'hidden', { value: ${hidden}, configurable: true })
    document.dispatchEvent(new Event('visibilitychange'))
  })()`)

export const hide = (page: Page): Promise<void> => setHidden(page, true)
export const show = (page: Page): Promise<void> => setHidden(page, false)
