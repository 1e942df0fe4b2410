import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildWeb } from '../web/build.mjs'
import { createRoom, hears, joinRoom, launchBrowser, type Newcomer, newcomer, say } from './support/browser.ts'
import { type Instance, startInstance } from './support/instance.ts'
import { people } from './support/people.ts'
import { png } from './support/png.ts'
import { startTestPostgres, type TestPostgres } from './support/postgres.ts'

let postgres: TestPostgres
let harbor: Instance
let browser: Browser
let ann: Newcomer
let bob: Newcomer
let room: string
let token: string

/** Too large to be sent as it is to each who only sees it small. */
const photo = png(1200, 900, (x, y) => [(x * 7) % 256, (y * 5) % 256, (x * y * 31) % 256])

beforeAll(async () => {
  await buildWeb()
  postgres = await startTestPostgres()
  harbor = await startInstance(await postgres.database())
  browser = await launchBrowser()
  ann = await newcomer(browser, harbor.url, 'Ann Archer')
  bob = await newcomer(browser, harbor.url, 'Bob Baker')
  room = await createRoom(ann.page, 'Quay')
  await joinRoom(bob.page, 'Quay')
  token = (await people(harbor).login('bob.baker')).body.token
})

afterAll(async () => {
  await browser?.close()
  await harbor?.close()
  await postgres?.stop()
})

/** A busy machine takes its time. */
const patient = { timeout: 20_000 }

const attach = (page: Page, name: string, buffer: Buffer, mimeType = 'image/png') =>
  page.getByLabel('Attach a file').last().setInputFiles({ name, mimeType, buffer })
const picture = (page: Page, name: string) => page.getByRole('button', { name: `Open ${name}` })
const loaded = (page: Page, name: string) =>
  expect
    .poll(
      () =>
        picture(page, name)
          .locator('img')
          .evaluate((image) => image.naturalWidth),
      patient,
    )
    .toBeGreaterThan(0)

/** Sends a file by the API. @returns its id */
async function store(name: string, bytes: Buffer, type = 'image/png'): Promise<string> {
  const body = new FormData()
  body.set('file', new Blob([Uint8Array.from(bytes)], { type }), name)
  const path = `/api/files?room=${room}`
  const headers = { authorization: `Bearer ${token}` }
  return (await harbor.send<{ file: { id: string } }>('POST', path, { body, headers })).body.file.id
}

const write = (content: string) => people(harbor).post('/api/messages', { room_id: room, content }, undefined, token)

test('an image is seen small, as WebP, in a place that was as large before it came', async () => {
  const types: string[] = []
  let letGo: () => void = () => undefined
  const held = new Promise<void>((resolve) => {
    letGo = resolve
  })
  await bob.page.route('**/api/files/*', async (route) => {
    await held
    const response = await route.fetch()
    types.push(`${response.headers()['content-type']} ${(await response.body()).length < photo.length / 4}`)
    await route.fulfill({ response })
  })
  await attach(ann.page, 'quay.png', photo)
  await loaded(ann.page, 'quay.png')
  const image = picture(bob.page, 'quay.png').locator('img')
  await image.waitFor()
  const before = await image.boundingBox()
  expect([before?.width, before?.height]).toEqual([320, 240])
  expect(await image.getAttribute('loading')).toBe('lazy')
  letGo()
  await loaded(bob.page, 'quay.png')
  expect(await image.boundingBox()).toEqual(before)
  expect(types).toEqual(['image/webp true'])
  await bob.page.unroute('**/api/files/*')
})

test('a sharp screen gets what it can show', async () => {
  const context = await browser.newContext({ deviceScaleFactor: 4, storageState: await bob.context.storageState() })
  const page = await context.newPage()
  await page.goto(`${harbor.url}/rooms/${room}`)
  await loaded(page, 'quay.png')
  const [source, set] = (await picture(page, 'quay.png')
    .locator('img')
    .evaluate((image) => [image.currentSrc, image.srcset])) as [string, string]
  const [small, full] = set.split(', ')
  expect(small).toMatch(/ 640w$/)
  expect(full).toBe(`${new URL(source).pathname} 1200w`)
  await context.close()
})

test('it opens large, by hand and by keyboard, and gives the focus back', async () => {
  const { page } = bob
  const large = page.getByRole('dialog').getByRole('img', { name: 'quay.png' })
  await picture(page, 'quay.png').click()
  await expect.poll(() => large.evaluate((image) => image.naturalWidth), patient).toBe(1200)
  await page.getByRole('button', { name: 'Close' }).click()
  // By role a dialog is gone as soon as it is closed, before its page has heard of that.
  await page.locator('dialog').waitFor({ state: 'detached' })
  await picture(page, 'quay.png').focus()
  await page.keyboard.press('Enter')
  await large.waitFor()
  await page.keyboard.press('Escape')
  await page.locator('dialog').waitFor({ state: 'detached' })
  expect(await picture(page, 'quay.png').evaluate((button) => button === button.ownerDocument.activeElement)).toBe(true)
})

test('what is pasted is sent: an image is, a table stays text', async () => {
  const bytes = JSON.stringify([...png(40, 30, () => [0, 90, 160])])
  const paste = (name: string, text: string) =>
    ann.page.evaluate(`(() => {
      const clipboardData = new DataTransfer()
      clipboardData.items.add(new File([Uint8Array.from(${bytes})], '${name}', { type: 'image/png' }))
      if ('${text}') clipboardData.setData('text/plain', '${text}')
      document.querySelector('.composer textarea').dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    })()`)
  await paste('table.png', 'a table')
  await paste('pasted.png', '')
  await loaded(bob.page, 'pasted.png')
  expect(await picture(bob.page, 'table.png').count()).toBe(0)
})

test('what is no image of pixels is a card, whatever it is called and whatever a message says of it', async () => {
  const svg = Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" onload="top.ran = true"><script>top.ran = true</script></svg>',
  )
  const page = Buffer.from('<script>top.ran = true</script>')
  const before = await bob.page.locator('.message a.file').count()
  const [drawing, html] = [await store('drawing.svg', svg, 'image/svg+xml'), await store('page.png', page)]
  await write(`![drawing.svg](/api/files/${drawing} "300x200")`)
  await write(`![page.png](/api/files/${html} "300x200")`)
  await attach(ann.page, 'honest.svg', svg, 'image/svg+xml')
  await expect.poll(() => bob.page.locator('.message a.file').count(), patient).toBe(before + 3)
  const cards = (await bob.page.locator('.message a.file').allTextContents()).slice(-3)
  expect(cards).toEqual(['drawing.svgSVG', 'page.pngPNG', `honest.svgSVG · ${svg.length} B`])
  expect(await bob.page.evaluate("'ran' in window")).toBe(false)
  // Nor when it is opened by its address.
  for (const id of [drawing, html]) {
    const [download] = await Promise.all([
      bob.page.waitForEvent('download'),
      bob.page.evaluate(`void window.open('/api/files/${id}')`),
    ])
    await download.cancel()
  }
})

test('who is not in the room sees no image of it', async () => {
  const eve = await newcomer(browser, harbor.url, 'Eve Eaves')
  const id = await store('secret.png', photo)
  const status = await eve.page.evaluate(`fetch('/api/files/${id}').then(({ status }) => status)`)
  expect(status).toBe(404)
  await eve.context.close()
})

test('images far from what is in view are not fetched until one comes near', async () => {
  for (let each = 0; each < 60; each += 1) {
    const id = await store(
      `pier ${each}.png`,
      png(320, 240, () => [each * 4, 120, 160]),
    )
    await write(`![pier ${each}.png](/api/files/${id} "320x240")`)
  }
  await say(ann.page, 'all there')
  await hears(bob.page, 'all there')
  const context = await browser.newContext({ storageState: await bob.context.storageState() })
  const page = await context.newPage()
  const fetched: string[] = []
  page.on('request', (request) => request.resourceType() === 'image' && fetched.push(request.url()))
  await page.goto(`${harbor.url}/rooms/${room}`)
  await loaded(page, 'pier 59.png')
  expect(fetched.length).toBeLessThan(15)
  const first = fetched.length
  await page.locator('.scroller').evaluate((box) => box.scrollTo(0, box.scrollHeight / 2))
  await expect.poll(() => fetched.length, patient).toBeGreaterThan(first)
  expect(fetched.length).toBeLessThan(40)
  await context.close()
})
