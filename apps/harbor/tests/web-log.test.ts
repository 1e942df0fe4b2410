import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createRoom, hears, hide, joinRoom, launchBrowser, newcomer, say } from './support/browser.ts'
import { startTestPostgres, type TestPostgres } from './support/postgres.ts'
import { build, type HarborProcess, startProcess } from './support/processes.ts'

let postgres: TestPostgres
let harbor: HarborProcess
let browser: Browser

beforeAll(async () => {
  await build()
  postgres = await startTestPostgres()
  harbor = await startProcess({
    DATABASE_URL: await postgres.database(),
    HARBOR_SECRET: 'a secret for tests, of 32 bytes or more',
    // Statements of a machine that does other work are no fault of the session's.
    HARBOR_SLOW_QUERY_MS: '60000',
  })
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser?.close()
  await harbor?.stop()
  await postgres?.stop()
})

interface Line {
  readonly level: number
  readonly msg: string
  readonly clientError?: { readonly message: string; readonly place: string; readonly version: string }
}

const lines = () =>
  harbor.said
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line)

/** pino's number of a warning. */
const warning = 40
const complaints = () => lines().filter(({ level }) => level >= warning)

it('has nothing to warn of in an ordinary session of two', async () => {
  const ann = await newcomer(browser, harbor.url, 'Ann Archer')
  const bob = await newcomer(browser, harbor.url, 'Bob Baker')
  await createRoom(ann.page, 'Quay')
  await joinRoom(bob.page, 'Quay')
  await say(ann.page, 'good morning')
  await hears(bob.page, 'good morning')
  await say(bob.page, 'good morning, Ann')
  await hears(ann.page, 'good morning, Ann')
  const file = { name: 'chart.txt', mimeType: 'text/plain', buffer: Buffer.from('high water') }
  await ann.page.getByLabel('Attach a file').last().setInputFiles(file)
  await bob.page.locator('a.file').waitFor()
  await bob.page.getByRole('button', { name: 'Search in this room' }).click()
  await bob.page.getByRole('searchbox').fill('morning')
  await bob.page.getByText('2 found').waitFor()
  await ann.page.getByRole('link', { name: 'Documents' }).click()
  await ann.page.getByLabel('Title of a new document').fill('Log')
  await ann.page.keyboard.press('Enter')
  await ann.page.getByRole('textbox', { name: 'Text of the document' }).fill('Low water at noon.')
  await ann.page.getByText('Saved', { exact: true }).waitFor()
  await ann.page.reload()
  await ann.page.getByText('Saved', { exact: true }).waitFor()
  for (const { page } of [ann, bob]) {
    const told = page.waitForResponse('**/api/client-metrics')
    await hide(page)
    await told
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Welcome back' }).waitFor()
    await page.context().close()
  }
  expect(lines().length).toBeGreaterThan(0)
  expect(complaints()).toEqual([])
  expect([...ann.complaints, ...bob.complaints]).toEqual([])
})

it('keeps what went wrong in a browser: what, where in the sources, in which version, and nothing that anyone wrote', async () => {
  const { page } = await newcomer(browser, harbor.url, 'Cem Cook')
  // A text that is no JSON comes as a frame: the client's own script fails, in its own place.
  await page.addInitScript(`
    const Real = WebSocket
    globalThis.WebSocket = class extends Real {
      constructor(...parameters) {
        super(...parameters)
        globalThis.lastSocket = this
      }
    }`)
  await page.reload()
  await page.getByRole('heading', { name: 'Rooms', exact: true }).waitFor({ state: 'attached' })
  await page.waitForFunction('globalThis.lastSocket?.onmessage')
  await page.evaluate(`for (let times = 0; times < 3; times += 1) {
    setTimeout(() => lastSocket.dispatchEvent(new MessageEvent('message', { data: 'Dear Ann, my PIN is 1234' })))
  }
  setTimeout(() => Promise.reject(new Error('for cem.cook@example.org')))`)
  const told = page.waitForResponse('**/api/client-metrics')
  await page.evaluate('new Promise((resolve) => setTimeout(resolve))')
  await hide(page)
  await told
  await expect.poll(() => complaints().length, { timeout: 20_000 }).toBe(2)
  const [frame, rejection] = complaints()
  expect(frame).toMatchObject({ level: warning, msg: 'a browser met an error' })
  expect(frame?.clientError?.message).toMatch(/^Unexpected token .*is not valid JSON$/)
  expect(frame?.clientError?.place).toMatch(/^src\/net\/socket\.ts:\d+$/)
  expect(frame?.clientError?.version).toMatch(/^main-\w{8}$/)
  expect(rejection?.clientError).toEqual({ message: 'for …@…', place: '', version: frame?.clientError?.version })
  expect(harbor.said).not.toMatch(/PIN|Dear|cem\.cook/)
  await page.context().close()
})

it('takes no text that is longer, and writes sixty lines a minute at most', async () => {
  const tell = (texts: readonly object[]) =>
    fetch(`${harbor.url}/api/client-metrics`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ errors: 1, texts, latencies: [], resources: { cached: 0, fetched: 0 } }),
    }).then(({ status }) => status)
  const text = { message: 'm', place: '', version: 'v' }
  for (const wrong of [
    { ...text, message: 'x'.repeat(301) },
    { ...text, place: 'https://elsewhere.example/x.js:1:1' },
    { ...text, place: '/assets/../secret.js:1:1' },
    { ...text, version: '<b>' },
    { ...text, cookie: 'c' },
  ]) {
    expect(await tell([wrong])).toBe(400)
  }
  expect(await tell(Array.from({ length: 6 }, () => text))).toBe(400)
  const before = complaints().length
  for (let times = 0; times < 30; times += 1) expect(await tell(Array.from({ length: 5 }, () => text))).toBe(204)
  await expect.poll(() => complaints().length).toBeGreaterThan(before)
  // A minute may have ended meanwhile.
  expect(complaints().length - before).toBeLessThanOrEqual(120)
})

it('gives its maps to nobody', async () => {
  const page = await (await fetch(harbor.url)).text()
  const [script] = /\/assets\/main-\w+\.js/.exec(page) ?? []
  expect((await fetch(`${harbor.url}${script}`)).status).toBe(200)
  expect((await fetch(`${harbor.url}${script}.map`)).status).toBe(404)
})
