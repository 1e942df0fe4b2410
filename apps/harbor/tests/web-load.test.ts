import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildWeb } from '../web/build.mjs'
import { createRoom, launchBrowser, type Newcomer, newcomer } from './support/browser.ts'
import { type Instance, startInstance } from './support/instance.ts'
import { people } from './support/people.ts'
import { startTestPostgres, type TestPostgres } from './support/postgres.ts'

let postgres: TestPostgres
let harbor: Instance
let browser: Browser
let ann: Newcomer
let room: string

beforeAll(async () => {
  await buildWeb()
  postgres = await startTestPostgres()
  harbor = await startInstance(await postgres.database())
  browser = await launchBrowser()
  ann = await newcomer(browser, harbor.url, 'Ann Archer')
  room = await createRoom(ann.page, 'Market')
})

afterAll(async () => {
  await browser?.close()
  await harbor?.close()
  await postgres?.stop()
})

const perSecond = 50
/** A page that hangs is not talked to for ever. */
const most = 2_000

/** Messages of several people, fifty a second whatever the answers take, until it is called off. */
async function startChatter() {
  const they = people(harbor)
  const tokens = await Promise.all(['bob', 'cem', 'dan'].map(async (name) => (await they.register(name)).body.token))
  for (const token of tokens) await they.post(`/api/rooms/${room}/join`, {}, undefined, token)
  const answers: Promise<{ readonly status: number }>[] = []
  const timer = setInterval(() => {
    const n = answers.length
    if (n === most) return clearInterval(timer)
    const content = `offer ${n + 1}${' of fresh fish'.repeat(n % 12)}`
    answers.push(they.post('/api/messages', { room_id: room, content }, undefined, tokens[n % 3]))
  }, 1_000 / perSecond)
  return async () => {
    clearInterval(timer)
    const statuses = (await Promise.all(answers)).map(({ status }) => status)
    expect(statuses.every((status) => status === 201)).toBe(true)
    return statuses.length
  }
}

/** What the page counts of itself from now on. */
const watch = `(() => {
  const seen = { frames: 0, late: 0, longTasks: 0, mostRows: 0, mostNodes: 0 }
  globalThis.seen = seen
  new PerformanceObserver((list) => { seen.longTasks += list.getEntries().length }).observe({ type: 'longtask' })
  let before = performance.now()
  const frame = (now) => {
    seen.frames += 1
    if (now - before > 100) seen.late += 1
    before = now
    seen.mostRows = Math.max(seen.mostRows, document.querySelectorAll('.virtual-list li').length)
    seen.mostNodes = Math.max(seen.mostNodes, document.querySelectorAll('.virtual-list *').length)
    requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)
})()`

interface Seen {
  readonly frames: number
  readonly late: number
  readonly longTasks: number
  readonly mostRows: number
  readonly mostNodes: number
}

test('fifty messages a second come, and one types and scrolls as if there were none', async () => {
  const { page } = ann
  const area = page.getByRole('textbox', { name: 'Message to Market' })
  const scroller = page.locator('.scroller')
  const position = () => scroller.evaluate((box) => box.scrollTop)
  await area.focus()
  await page.evaluate(watch)
  const endChatter = await startChatter()
  await page.locator('.message').nth(5).waitFor()

  // At the end of the list, which follows what comes.
  const sentence = 'The quick brown fox jumps over the lazy dog, and sells no fish. '
  await page.keyboard.type(sentence, { delay: 20 })
  expect(await area.inputValue()).toBe(sentence)

  // And up in the past, where nothing moves by itself.
  await scroller.hover()
  for (let turn = 0; turn < 10; turn += 1) await page.mouse.wheel(0, -120)
  await page.getByRole('button', { name: 'To the newest message' }).waitFor()
  const before = await position()
  await page.keyboard.type(sentence, { delay: 20 })
  expect(await area.inputValue()).toBe(sentence + sentence)
  expect(Math.abs((await position()) - before)).toBeLessThan(2)

  const count = await endChatter()
  await page.keyboard.press('Enter')
  await page.locator('.message:not(.draft) p', { hasText: 'sells no fish' }).waitFor()
  await page.getByText(new RegExp(`^offer ${count}\\b`)).waitFor()
  const seen = (await page.evaluate('seen')) as Seen
  expect(count).toBeGreaterThan(perSecond)
  expect(seen.mostRows).toBeGreaterThan(5)
  expect(seen.mostRows).toBeLessThan(100)
  expect(seen.mostNodes).toBeLessThan(150)
  // They leave room for what the machine does besides.
  expect(seen.longTasks).toBeLessThan(count / 10)
  expect(seen.late).toBeLessThan(seen.frames / 10)
})

test('of all that came, nothing is missing', async () => {
  const { page } = ann
  await page.locator('.scroller').evaluate((box) => box.scrollTo(0, 0))
  await page.getByText(/^offer 1$/).waitFor()
  const held: string[] = []
  while (!held.some((text) => text.includes('sells no fish'))) {
    await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))')
    held.push(...(await page.locator('.message:not(.blank) p').allTextContents()))
    await page.locator('.scroller').evaluate((box) => box.scrollBy(0, box.clientHeight / 2))
  }
  const numbers = new Set(held.map((text) => Number(/^offer (\d+)/.exec(text)?.[1] ?? 0)))
  expect([...numbers].filter((number) => number > 0)).toHaveLength(Math.max(...numbers))
  expect(ann.complaints).toEqual([])
})

test('who scrolls away is not pulled back by a message drawn before the browser tells of the scrolling', async () => {
  const context = await browser.newContext({ storageState: await ann.context.storageState() })
  const page = await context.newPage()
  await page.addInitScript(`
    const Real = WebSocket
    globalThis.WebSocket = class extends Real {
      constructor(...parameters) {
        super(...parameters)
        globalThis.socket = this
      }
    }`)
  await page.goto(`${harbor.url}/rooms/${room}`)
  await page.locator('.message:not(.draft) p', { hasText: 'sells no fish' }).waitFor()
  const { body } = await harbor.send<{ rooms: readonly { last_seq: number }[] }>('GET', '/api/rooms?joined=true', {
    headers: { cookie: (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ') },
  })
  const message = {
    ...{ type: 'message', id: 'm', room_id: room, seq: (body.rooms[0]?.last_seq ?? 0) + 1, sender_id: 'u' },
    ...{ content: 'meanwhile', client_id: null, created_at: new Date().toISOString() },
  }
  // Both in one turn of the page: its list is drawn at the end of it, and the browser tells of scrolling at the next frame.
  const moved = await page.evaluate(`(async () => {
    const box = document.querySelector('.scroller')
    const frame = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    await frame()
    const before = box.scrollTop
    box.scrollTop -= 300
    socket.onmessage(new MessageEvent('message', { data: ${JSON.stringify(JSON.stringify(message))} }))
    await frame()
    return before - box.scrollTop
  })()`)
  expect(moved).toBeGreaterThan(250)
  await page.getByRole('button', { name: 'To the newest message' }).click()
  await page.getByText('meanwhile', { exact: true }).waitFor()
  await context.close()
})
