import { secp256k1 } from '@noble/curves/secp256k1.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildWeb } from '../web/build.mjs'
import { createRoom, hears, joinRoom, launchBrowser, type Newcomer, newcomer, say, shown } from './support/browser.ts'
import { type Instance, startInstance } from './support/instance.ts'
import { startTestPostgres, type TestPostgres } from './support/postgres.ts'

let postgres: TestPostgres
let harbor: Instance
let browser: Browser
let ann: Newcomer
let bob: Newcomer

beforeAll(async () => {
  await buildWeb()
  postgres = await startTestPostgres()
  harbor = await startInstance(await postgres.database())
  browser = await launchBrowser()
  ann = await newcomer(browser, harbor.url, 'Ann Archer')
  bob = await newcomer(browser, harbor.url, 'Bob Baker')
})

afterAll(async () => {
  await browser?.close()
  await harbor?.close()
  await postgres?.stop()
})

test('two sign up and talk', async () => {
  await createRoom(ann.page, 'Quay')
  await joinRoom(bob.page, 'Quay')
  await say(ann.page, 'Is anybody out there?')
  await hears(bob.page, 'Is anybody out there?')
  await say(bob.page, 'Yes, <b>here</b> & listening.')
  await hears(ann.page, 'Yes, <b>here</b> & listening.')
  await ann.page.getByText('2 members, 2 here').waitFor()
  expect(await shown(ann.page)).toEqual(await shown(bob.page))
})

test('one is cut off, both go on writing, and everything is there once and in the same order', async () => {
  await ann.context.setOffline(true)
  await ann.page.getByText('You are offline.').waitFor()
  for (const each of [1, 2, 3]) await say(ann.page, `from the tunnel ${each}`)
  await ann.page.getByText('3 messages wait here.').waitFor()
  for (const each of [1, 2, 3]) await say(bob.page, `meanwhile ${each}`)
  await hears(bob.page, 'meanwhile 3')

  await ann.context.setOffline(false)
  await hears(bob.page, 'from the tunnel 3')
  await hears(ann.page, 'meanwhile 3')
  await ann.page.locator('.draft').first().waitFor({ state: 'detached' })
  const expected = [
    ...['Is anybody out there?', 'Yes, <b>here</b> & listening.'],
    ...['meanwhile 1', 'meanwhile 2', 'meanwhile 3'],
    ...['from the tunnel 1', 'from the tunnel 2', 'from the tunnel 3'],
  ]
  expect(await shown(ann.page)).toEqual(expected)
  expect(await shown(bob.page)).toEqual(expected)
})

test('a connection that the server cuts comes back, and nothing is lost in between', async () => {
  harbor.app.cutOff()
  await say(ann.page, 'did you feel that?')
  await say(bob.page, 'I did not')
  await hears(bob.page, 'did you feel that?')
  await hears(ann.page, 'I did not')
  await expect.poll(() => ann.page.locator('.draft').count()).toBe(0)
  await expect.poll(async () => (await shown(bob.page)).join()).toBe((await shown(ann.page)).join())
})

/** All that the page's own database holds, as text. */
const kept = (page: Newcomer['page']) =>
  page.evaluate(`new Promise((resolve) => indexedDB.databases().then(([{ name }]) => {
    const opening = indexedDB.open(name)
    opening.onsuccess = () => {
      const reading = opening.result.transaction(['kept', 'drafts'])
      const found = ['kept', 'drafts'].map((store) => reading.objectStore(store).getAll())
      reading.oncomplete = () => {
        opening.result.close()
        resolve(JSON.stringify(found.map(({ result }) => result)))
      }
    }
  }))`) as Promise<string>

test('what was written offline outlives the page, which opens without a network', async () => {
  await ann.page.evaluate('navigator.serviceWorker.ready')
  await ann.page.reload()
  await hears(ann.page, 'from the tunnel 3')
  expect(await ann.page.evaluate('navigator.serviceWorker.controller !== null')).toBe(true)
  await expect.poll(() => kept(ann.page)).toContain('meanwhile 2')
  await ann.context.setOffline(true)
  await say(ann.page, 'kept on paper')
  await expect.poll(() => kept(ann.page)).toContain('kept on paper')
  await ann.page.reload()
  await ann.page.locator('.draft', { hasText: 'kept on paper' }).waitFor()
  await ann.page.getByText('meanwhile 2').waitFor()
  await ann.context.setOffline(false)
  await hears(bob.page, 'kept on paper')
  await ann.page.locator('.draft').first().waitFor({ state: 'detached' })
  expect((await shown(ann.page)).filter((text) => text === 'kept on paper')).toHaveLength(1)
})

test('a search marks what it found, and leads there', async () => {
  await bob.page.getByRole('button', { name: 'Search in this room' }).click()
  await bob.page.getByRole('searchbox').fill('tunnel')
  await bob.page.getByText('3 found').waitFor()
  expect(await bob.page.locator('.result mark').allTextContents()).toEqual(['tunnel', 'tunnel', 'tunnel'])
  await bob.page.locator('.result').first().click()
  await bob.page.locator('.message.marked').waitFor()
  await bob.page.keyboard.press('Escape')
})

test('a file is sent, and the other one has it', async () => {
  const body = 'the harbour at high water'
  const file = { name: 'chart [1].txt', mimeType: 'text/plain', buffer: Buffer.from(body) }
  await ann.page.getByLabel('Attach a file').last().setInputFiles(file)
  const link = bob.page.locator('.message a.file')
  await link.waitFor()
  expect(await link.locator('span').allTextContents()).toEqual(['chart  1 .txt', `TXT · ${body.length} B`])
  const [download] = await Promise.all([bob.page.waitForEvent('download'), link.click()])
  const chunks: Buffer[] = []
  for await (const chunk of await download.createReadStream()) chunks.push(Buffer.from(chunk))
  expect(Buffer.concat(chunks).toString()).toBe(body)
})

test('unread messages of another room are counted', async () => {
  await createRoom(ann.page, 'Shipyard')
  await say(bob.page, 'are you still in the other room?')
  await ann.page.getByRole('link', { name: /Quay 1 unread/ }).waitFor()
})

test('two write in one document, one of them offline in between, and see the same', async () => {
  const text = (page: Newcomer['page']) => page.getByRole('textbox', { name: 'Text of the document' })
  await ann.page.getByRole('link', { name: 'Documents' }).click()
  await ann.page.getByLabel('Title of a new document').fill('Log')
  await ann.page.getByRole('button', { name: 'Create', exact: true }).click()
  await text(ann.page).fill('Wind 🌊 from the west.')
  await ann.page.getByText('Saved', { exact: true }).waitFor()

  await bob.page.getByRole('link', { name: 'Documents' }).click()
  await bob.page.getByRole('link', { name: /Log/ }).click()
  await expect.poll(() => text(bob.page).inputValue()).toBe('Wind 🌊 from the west.')
  await text(bob.page).press('Control+End')
  await text(bob.page).pressSequentially(' Rain.')
  await expect.poll(() => text(ann.page).inputValue()).toBe('Wind 🌊 from the west. Rain.')
  await ann.page.locator('.caret[data-name="Bob Baker"]').waitFor()

  await bob.context.setOffline(true)
  await bob.page.getByText('You are offline.').waitFor()
  await text(bob.page).pressSequentially(' Fog.')
  await text(ann.page).press('Control+Home')
  await text(ann.page).pressSequentially('Monday: ')
  await ann.page.getByText('Saved', { exact: true }).waitFor()
  await bob.context.setOffline(false)
  for (const { page } of [ann, bob]) {
    await expect.poll(() => text(page).inputValue()).toBe('Monday: Wind 🌊 from the west. Rain. Fog.')
  }
})

test('a wallet signs in', async () => {
  const key = secp256k1.utils.randomSecretKey()
  const point = secp256k1.Point.fromBytes(secp256k1.getPublicKey(key)).toBytes(false)
  const address = `0x${Buffer.from(keccak_256(point.slice(1)).slice(12)).toString('hex')}`
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.exposeFunction('signWithKey', (hex: string) => {
    const message = Buffer.from(hex.slice(2), 'hex')
    const digest = keccak_256(Buffer.concat([Buffer.from(`\x19Ethereum Signed Message:\n${message.length}`), message]))
    const [recovery = 0, ...rest] = secp256k1.sign(digest, key, { prehash: false, format: 'recovered' })
    return `0x${Buffer.from([...rest, recovery + 27]).toString('hex')}`
  })
  await page.addInitScript(`globalThis.ethereum = {
    request: ({ method, params }) => method === 'eth_requestAccounts' ? Promise.resolve(['${address}']) : signWithKey(params[0])
  }`)
  await page.goto(harbor.url)
  await page.getByRole('button', { name: 'Sign in with a wallet' }).click()
  await page.getByText('Signed in by wallet').waitFor()
  await context.close()
})

test('without a wallet, and with a wrong password, the page says what to do', async () => {
  const page = await (await browser.newContext()).newPage()
  await page.goto(`${harbor.url}/rooms/whatever`)
  expect(await page.getByRole('button', { name: 'Sign in with a wallet' }).isDisabled()).toBe(true)
  await page.getByText('There is no wallet in this browser.').waitFor()
  await page.getByLabel('Email').fill('ann.archer@example.org')
  await page.getByLabel('Password').fill('not her password')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect.poll(() => page.getByRole('alert').textContent()).not.toBe('')
  await page.context().close()
})

test('a session that has run out is renewed without a word', async () => {
  const cem = await newcomer(browser, harbor.url, 'Cem Cook')
  await joinRoom(cem.page, 'Quay')
  const room = cem.page.url()
  // No page is there that could be renewing it at this moment.
  await cem.page.goto('about:blank')
  await cem.context.clearCookies()
  await cem.page.goto(room)
  await say(cem.page, 'still here')
  await hears(cem.page, 'still here')
  await cem.page.getByText(/, \d here/).waitFor()
  await cem.context.close()
})

test('signing out leaves nothing of hers in the browser', async () => {
  await bob.page.getByRole('button', { name: 'Sign out' }).click()
  await bob.page.getByRole('heading', { name: 'Welcome back' }).waitFor()
  expect(await bob.page.evaluate('indexedDB.databases()')).toEqual([])
  expect(await bob.page.evaluate("localStorage.getItem('harbor-session')")).toBeNull()
  const cached = await bob.page.evaluate(
    'caches.keys().then((names) => Promise.all(names.map((name) => caches.open(name).then((cache) => cache.keys())))).then((all) => all.flat().map(({ url }) => new URL(url).pathname))',
  )
  expect((cached as string[]).filter((path) => path.startsWith('/api') || path.startsWith('/ws'))).toEqual([])
})

test('no page complained', () => {
  expect([...ann.complaints, ...bob.complaints]).toEqual([])
})
