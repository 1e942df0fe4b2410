import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { gzipSync } from 'node:zlib'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildWeb } from '../web/build.mjs'
import { createRoom, hears, launchBrowser, type Newcomer, newcomer, say, shown } from './support/browser.ts'
import { type Instance, startInstance } from './support/instance.ts'
import { type People, people } from './support/people.ts'
import { startTestPostgres, type TestPostgres, withClient } from './support/postgres.ts'

let postgres: TestPostgres
let harbor: Instance
let browser: Browser
let they: People
let ann: Newcomer
let room: string
let sizes: Awaited<ReturnType<typeof buildWeb>>
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

beforeAll(async () => {
  sizes = await buildWeb()
  postgres = await startTestPostgres()
  const databaseUrl = await postgres.database()
  harbor = await startInstance(databaseUrl)
  they = people(harbor)
  browser = await launchBrowser()
  ann = await newcomer(browser, harbor.url, 'Ann Archer')
  room = await createRoom(ann.page, 'Archive')
  await withClient(databaseUrl, async (client) => {
    await client.query(
      `INSERT INTO messages (room_id, seq, sender_id, encrypted, content)
       SELECT $1, n, (SELECT id FROM users LIMIT 1), false, 'entry ' || n || repeat(' of the log', (n % 17)::int)
       FROM generate_series(1, 10000) AS n`,
      [room],
    )
    await client.query('UPDATE rooms SET last_seq = 10000 WHERE id = $1', [room])
  })
  await ann.page.reload()
  await ann.page.getByText('entry 10000').waitFor()
})

afterAll(async () => {
  await browser?.close()
  await harbor?.close()
  await postgres?.stop()
})

const nodes = () => ann.page.locator('.virtual-list *').count()
const scrollTo = (share: number) =>
  ann.page.locator('.scroller').evaluate((box, to) => box.scrollTo(0, box.scrollHeight * to), share)

test('of ten thousand messages, fewer than a hundred nodes are in the document, wherever one scrolls', async () => {
  expect(await nodes()).toBeLessThan(100)
  for (const share of [0.5, 0.02, 0.73]) {
    await scrollTo(share)
    const wanted = new RegExp(`^entry ${share === 0.02 ? '(1|2|3)?\\d\\d' : `${String(share)[2]}\\d\\d\\d`}\\b`)
    await ann.page.locator('.message p', { hasText: wanted }).first().waitFor()
    expect(await nodes()).toBeLessThan(100)
  }
  await ann.page.getByRole('button', { name: 'To the newest message' }).click()
  await ann.page.getByText('entry 10000').waitFor()
  expect(await ann.page.locator('.message p').last().textContent()).toMatch(/^entry 10000/)
})

test('while one reads the old, new messages do not move it away; writing goes to the end', async () => {
  await scrollTo(0.4)
  const first = ann.page.locator('.message:not(.blank)').nth(8)
  await ann.page
    .locator('.message p', { hasText: /^entry [34]\d\d\d\b/ })
    .first()
    .waitFor()
  await ann.page.locator('.message.blank').first().waitFor({ state: 'detached' })
  const [before, text] = [await first.boundingBox(), await first.locator('p').textContent()]
  const { body: bob } = await they.register('bob')
  await they.post(`/api/rooms/${room}/join`, {}, undefined, bob.token)
  await they.post('/api/messages', { room_id: room, content: 'news' }, undefined, bob.token)
  await ann.page.getByText('bob: news').waitFor({ state: 'attached' })
  const same = ann.page.locator('.message p', { hasText: new RegExp(`^${text}$`) })
  const after = await same.locator('..').boundingBox()
  expect(Math.abs((after?.y ?? 0) - (before?.y ?? 0))).toBeLessThan(2)
  await say(ann.page, 'what news?')
  await hears(ann.page, 'what news?')
  expect((await shown(ann.page)).slice(-2)).toEqual(['news', 'what news?'])
})

test('scrolling is smooth: hardly a frame is late', async () => {
  await scrollTo(0.9)
  const frames = (await ann.page.evaluate(`new Promise((resolve) => {
    const times = []
    const step = (now) => {
      times.push(now)
      document.querySelector('.scroller').scrollBy(0, -60)
      if (times.length < 120) requestAnimationFrame(step)
      else resolve(times)
    }
    requestAnimationFrame(step)
  })`)) as number[]
  const gaps = frames.slice(1).map((time, index) => time - (frames[index] ?? time))
  // Sixty a second is 16.7 ms a frame; the median stands for what the page does, not for what the machine does besides.
  expect(gaps.sort((one, other) => one - other)[60]).toBeLessThan(20)
})

interface Finding {
  readonly id: string
  readonly impact: string
  readonly nodes: readonly { readonly html: string }[]
}

async function findings(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe)
  const { violations } = (await page.evaluate(
    "axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'] })",
  )) as { violations: readonly Finding[] }
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes: [node] }) => `${id}: ${node?.html}`)
}

const places = ['/', '/rooms', '/documents'] as const

describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
  test('axe finds nothing serious, on the desktop and on the phone', async () => {
    const page = await ann.context.newPage()
    await page.emulateMedia({ colorScheme })
    for (const width of [1440, 360]) {
      await page.setViewportSize({ width, height: 800 })
      for (const place of places) {
        await page.goto(`${harbor.url}${place === '/rooms' ? `/rooms/${room}` : place}`)
        await page.locator('.app').waitFor()
        if (place === '/rooms') await page.getByText('entry 10000').waitFor()
        expect(await findings(page), `${place} at ${width}`).toEqual([])
        expect(await page.evaluate('document.documentElement.scrollWidth'), `${place} at ${width}`).toBe(width)
      }
    }
    await page.close()
  })

  test('nor on the page for signing in', async () => {
    const context = await browser.newContext({ colorScheme, viewport: { width: 360, height: 740 } })
    const page = await context.newPage()
    await page.goto(harbor.url)
    await page.getByRole('button', { name: 'Create an account' }).click()
    expect(await findings(page)).toEqual([])
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)
    await context.close()
  })

  test('nor in a dialog, a search and a document', async () => {
    const page = await ann.context.newPage()
    await page.emulateMedia({ colorScheme })
    await page.goto(`${harbor.url}/rooms/${room}`)
    await page.getByRole('button', { name: 'Search in this room' }).click()
    await page.getByRole('searchbox').fill('entry')
    await page.getByText(/\d+ found/).waitFor()
    expect(await findings(page)).toEqual([])
    await page.getByRole('button', { name: 'Find or create a room' }).click()
    expect(await findings(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.goto(`${harbor.url}/documents`)
    await page.getByLabel('Title of a new document').fill('Log')
    await page.keyboard.press('Enter')
    await page.getByRole('textbox', { name: 'Text of the document' }).fill('Low water at noon.')
    expect(await findings(page)).toEqual([])
    await page.close()
  })
})

test('all can be done by keyboard: from the list of rooms into a message', async () => {
  const page = await ann.context.newPage()
  await page.goto(harbor.url)
  await page.getByRole('link', { name: 'Archive' }).focus()
  await page.keyboard.press('Enter')
  await page.getByText('entry 10000').waitFor()
  await page.getByRole('textbox', { name: 'Message to Archive' }).focus()
  await page.keyboard.type('by hand')
  await page.keyboard.press('Enter')
  await page.locator('.message p', { hasText: /^by hand$/ }).waitFor()
  await page.close()
})

test('the main script is small, and routes are fetched when they are shown', async () => {
  const scripts = sizes.filter(({ path }) => path.startsWith('assets/') && path.endsWith('.js'))
  const total = scripts.reduce((sum, { size }) => sum + size, 0)
  // The whole client together is far below what the main script alone may have.
  expect(total).toBeLessThan(100 * 1024)
  const page = await (await browser.newContext({ serviceWorkers: 'block' })).newPage()
  const fetched: string[] = []
  page.on('request', (request) => fetched.push(new URL(request.url()).pathname))
  await page.goto(harbor.url)
  await page.getByRole('heading', { name: 'Welcome back' }).waitFor()
  expect(fetched.some((path) => path.includes('main-'))).toBe(true)
  expect(fetched.filter((path) => /room-page|document/.test(path))).toEqual([])
  const texts = await Promise.all(
    fetched.filter((path) => path.endsWith('.js')).map(async (path) => (await fetch(harbor.url + path)).text()),
  )
  expect(gzipSync(texts.join('')).length).toBeLessThan(20 * 1024)
  await page.context().close()
})
