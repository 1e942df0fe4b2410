import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildWeb } from '../web/build.mjs'
import {
  createRoom,
  hears,
  hide,
  joinRoom,
  launchBrowser,
  type Newcomer,
  newcomer,
  say,
  show,
} from './support/browser.ts'
import { type Instance, startInstance } from './support/instance.ts'
import { people } from './support/people.ts'
import { startTestPostgres, type TestPostgres } from './support/postgres.ts'

let postgres: TestPostgres
let harbor: Instance
let browser: Browser
let ann: Newcomer
let bob: Newcomer
let annId: string
let toAnn: (content: string) => Promise<unknown>
let toQuay: (content: string) => Promise<unknown>

const idOf = async ({ page }: Newcomer) =>
  (await page.evaluate("JSON.parse(localStorage.getItem('harbor-session')).user.id")) as string

beforeAll(async () => {
  await buildWeb()
  postgres = await startTestPostgres()
  harbor = await startInstance(await postgres.database())
  browser = await launchBrowser()
  ann = await newcomer(browser, harbor.url, 'Ann Archer')
  bob = await newcomer(browser, harbor.url, 'Bob Baker')
  annId = await idOf(ann)
  const they = people(harbor)
  const { token } = (await they.login('bob.baker')).body
  toAnn = (content) => they.post('/api/messages', { recipient_id: annId, content }, undefined, token)
  const quay = await createRoom(ann.page, 'Quay')
  await joinRoom(bob.page, 'Quay')
  toQuay = (content) => they.post('/api/messages', { room_id: quay, content }, undefined, token)
})

afterAll(async () => {
  await browser?.close()
  await harbor?.close()
  await postgres?.stop()
})

/** A busy machine takes its time. */
const patient = { timeout: 20_000 }
const unread = (page: Page, name: string, count: number) =>
  page.getByRole('link', { name: `${name} ${count} unread` }).waitFor()
const nothingUnread = (page: Page) => expect.poll(() => page.locator('.count').count(), patient).toBe(0)
const titled = (page: Page, title: string) => expect.poll(() => page.title(), patient).toBe(title)

test('a direct message is counted beside its sender and in the title, as soon as harbor tells of it', async () => {
  const { page } = ann
  await page.getByRole('link', { name: 'Documents' }).click()
  await toAnn('psst')
  await unread(page, 'Bob Baker', 1)
  await titled(page, '(1) Documents · Harbor')
  // Without the list of rooms only notices are left to tell.
  await page.route('**/api/rooms?joined=true*', (route) => route.abort())
  await toAnn('psst!')
  await unread(page, 'Bob Baker', 2)
  await titled(page, '(2) Documents · Harbor')
  await page.unroute('**/api/rooms?joined=true*')
})

test('two pages of one browser have read the same', async () => {
  const second = await ann.context.newPage()
  await second.goto(harbor.url)
  await unread(second, 'Bob Baker', 2)
  await titled(second, '(2) Harbor')
  await ann.page.getByRole('link', { name: /Bob Baker/ }).click()
  await hears(ann.page, 'psst!')
  await nothingUnread(ann.page)
  await nothingUnread(second)
  await titled(second, 'Harbor')
  await titled(ann.page, 'Bob Baker · Harbor')

  // What the one has before its eyes is no news to the other.
  await toAnn('still there?')
  await hears(ann.page, 'still there?')
  await nothingUnread(second)
  await second.reload()
  await second.getByRole('link', { name: /Bob Baker/ }).waitFor()
  await nothingUnread(second)
  await second.close()
})

test('what came while one was away is counted once one is back, and after a reload too', async () => {
  const { page, context } = ann
  await page.getByRole('link', { name: 'Documents' }).click()
  await context.setOffline(true)
  await page.getByText('You are offline.').waitFor()
  await toAnn('are you asleep?')
  for (const each of [1, 2, 3]) await toQuay(`news ${each}`)
  await context.setOffline(false)
  await unread(page, 'Quay', 3)
  await unread(page, 'Bob Baker', 1)
  await titled(page, '(4) Documents · Harbor')
  await page.goto('about:blank')
  await toQuay('news 4')
  await page.goto(harbor.url)
  await unread(page, 'Quay', 4)
  await titled(page, '(5) Harbor')
  await page.getByRole('link', { name: /Quay/ }).click()
  await hears(page, 'news 4')
  await titled(page, '(1) Quay · Harbor')
})

test('a room that is open in a page which nobody sees is unread', async () => {
  const { page } = ann
  await hide(page)
  await toQuay('anybody?')
  await titled(page, '(2) Quay · Harbor')
  await unread(page, 'Quay', 1)
  await show(page)
  await titled(page, '(1) Quay · Harbor')
})

test('one sees who is looking at the room, from the first moment on', async () => {
  const room = new URL(ann.page.url()).pathname
  const here = (count: number) => ann.page.getByText(`2 members, ${count} here`).waitFor()
  const second = await bob.context.newPage()
  await second.goto(harbor.url + room)
  await here(2)
  // Whoever comes does not have to wait until the others say something.
  await ann.page.reload()
  await here(2)
  await hide(bob.page)
  await hide(second)
  await here(1)
  await ann.page.getByRole('button', { name: 'Members' }).click()
  expect(await ann.page.locator('.people li').allTextContents()).toEqual(['AAAnn Archer (you)here', 'BBBob Bakeraway'])
  await show(second)
  await here(2)
  // One of two pages goes: the other one still looks.
  await show(bob.page)
  await bob.page.getByRole('link', { name: 'Documents' }).click()
  await here(2)
  await second.close()
  await here(1)
  expect(await ann.page.locator('.people li').last().textContent()).toBe('BBBob Bakernot here')
  await ann.page.keyboard.press('Escape')
})

test('a sender has read what she writes, in her other page too', async () => {
  const second = await bob.context.newPage()
  await second.goto(harbor.url)
  await second.getByRole('link', { name: /Quay/ }).click()
  await bob.page.getByRole('link', { name: 'Documents' }).click()
  await bob.page.getByRole('link', { name: 'Quay', exact: true }).waitFor()
  await say(second, 'one more')
  await hears(ann.page, 'one more')
  await bob.page.getByRole('link', { name: 'Quay', exact: true }).waitFor()
  await second.close()
})

test('one writes to a member alone, and is in the same room again the next time', async () => {
  const { page } = bob
  // They have a room of the two already, which Bob's page does not know of: he wrote to her by other means.
  await page.reload()
  await page.getByRole('link', { name: 'Ann Archer' }).waitFor()
  await page.getByRole('link', { name: 'Quay', exact: true }).click()
  const writeTo = async (name: string) => {
    await page.getByRole('button', { name: 'Members' }).click()
    await page.getByRole('button', { name: `Write to ${name} alone` }).click()
  }
  await writeTo('Ann Archer')
  await hears(page, 'psst!')
  const cy = await newcomer(browser, harbor.url, 'Cy Carter')
  await joinRoom(cy.page, 'Quay')
  await page.getByRole('link', { name: 'Quay', exact: true }).click()
  await page.getByText('3 members').waitFor()
  await writeTo('Cy Carter')
  await page.route('**/api/messages', (route) => route.abort())
  await page.getByLabel('Message to Cy Carter').fill('between us')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').filter({ hasText: /./ }).waitFor()
  await page.unroute('**/api/messages')
  await page.getByRole('dialog').getByRole('button', { name: 'Send' }).click()
  await hears(page, 'between us')
  await titled(page, 'Cy Carter · Harbor')
  await unread(cy.page, 'Bob Baker', 1)
  await cy.page.getByRole('link', { name: /Bob Baker/ }).click()
  await hears(cy.page, 'between us')
  // A room of two has nobody else to write to.
  await cy.page.getByRole('button', { name: 'Members' }).click()
  await cy.page.locator('.people li').nth(1).waitFor()
  expect(await cy.page.getByRole('button', { name: /^Write to/ }).count()).toBe(0)
  expect(cy.complaints).toEqual([])
  await cy.context.close()
})

test('no page complained', () => {
  expect([...ann.complaints, ...bob.complaints]).toEqual([])
})
