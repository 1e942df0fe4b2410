import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { buildTemplate } from '../../packages/dashboard/build.mjs'
import { type GeneratedChatOptions, generatedChat } from '../../packages/dashboard/src/fixtures/generated-chat.ts'
import { fold } from '../../packages/plimsoll/src/record/fold.ts'
import { writeHtml } from '../../packages/plimsoll/src/report/html/write-html.ts'
import { launchBrowser } from './browser.ts'
import { graveFindings, judged, type OpenPage, openReport, type ReportFile, writeReport } from './report-page.ts'

let browser: Browser
let template: string
let report: ReportFile

const write = (options?: GeneratedChatOptions): Promise<ReportFile> => {
  const { events, verdict } = judged(generatedChat(options), [])
  return writeReport(writeHtml(template, events, verdict))
}

beforeAll(async () => {
  browser = await launchBrowser()
  template = await buildTemplate()
  report = await write()
})
afterAll(async () => {
  await browser?.close()
  await report?.[Symbol.asyncDispose]()
})

const open = (options?: BrowserContextOptions): Promise<OpenPage> => openReport(browser, report, options)

async function openChat(chat: GeneratedChatOptions, options?: BrowserContextOptions): Promise<OpenPage> {
  const file = await write(chat)
  onTestFinished(() => file[Symbol.asyncDispose]())
  return openReport(browser, file, options)
}

const column = async (page: Page, section: string, name: string): Promise<number[]> => {
  const names = await page.locator(`${section} thead th`).allTextContents()
  const cells = page.locator(`${section} tbody tr > :nth-child(${names.indexOf(name) + 1})`)
  return (await cells.allTextContents()).map((text) => Number(text.replaceAll(',', '')))
}

describe('a report of a chat', () => {
  it('opens without a complaint and accounts for every message', async () => {
    const { page, troubles } = await open()
    await page.locator('#messages').scrollIntoViewIfNeeded()
    expect(troubles).toEqual([])
    const { deliveries } = fold(generatedChat())
    const lost = deliveries.filter(({ event }) => event === 'message').reduce((sum, one) => sum + one.lost, 0)
    expect(lost).toBeGreaterThan(0)
    const first = page.locator('.delivery-event').first()
    await expect(first.locator('.state').textContent()).resolves.toContain(`${lost} lost`)
    await expect(first.getByRole('img').getAttribute('aria-label')).resolves.toMatch(/on time, .* late, .* lost$/)
    await expect(page.locator('.delivery-event').count()).resolves.toBe(2)
  })

  it('has the rooms that lost most first, and all of them when asked', async () => {
    const { page } = await open()
    const lost = await column(page, '#deliveries', 'Lost')
    expect(lost).toEqual(lost.toSorted((a, b) => b - a))
    expect(lost).toHaveLength(20)
    const more = page.locator('.table-more button')
    await more.focus()
    for (let press = 0; press < 3; press++) await page.keyboard.press('Enter')
    await expect(page.locator('#deliveries tbody tr').count()).resolves.toBe(80)
    await expect(more.count()).resolves.toBe(0)
  })

  it('sorts, finds and filters rooms by keyboard', async () => {
    const { page } = await open()
    const headers = page.locator('#deliveries thead button')
    await headers.first().focus()
    const names = await headers.allTextContents()
    for (let step = 0; step < names.indexOf('Published'); step++) await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    const published = await column(page, '#deliveries', 'Published')
    expect(published).toEqual(published.toSorted((a, b) => b - a))

    await page.getByRole('checkbox', { name: 'Rooms with trouble' }).focus()
    await page.keyboard.press('Space')
    const troubled = fold(generatedChat()).deliveries.filter(
      ({ lost, duplicated, outOfOrder, foreign }) => lost + duplicated + outOfOrder + foreign > 0,
    ).length
    await expect(page.locator('.table-more').textContent()).resolves.toContain(`of ${troubled} rows`)

    await page.getByRole('searchbox', { name: 'Find a room' }).fill('no such room')
    await expect(page.locator('#deliveries .empty').textContent()).resolves.toContain('“no such room”')
  })

  it('is loud about messages that leaked out of a room', async () => {
    const { page } = await openChat({ seconds: 60, leaks: true })
    await expect(page.locator('.delivery-event .state').first().textContent()).resolves.toContain('not in the room')
    await expect(page.locator('.stat-loud', { hasText: 'foreign' }).first().textContent()).resolves.toContain('leak')
  })

  it('says how long it took until the broken ones were back', async () => {
    const { page } = await open()
    const text = await page.locator('#connections').textContent()
    expect(text).toMatch(/reconnected93/)
    expect(text).toMatch(/never back3/)
    expect(text).toMatch(/50 % back in[\d.]+ s/)
    expect(text).toMatch(/state recovered8\d/)
  })

  it('shows deliveries and connections on the timeline’s own axis and cursor', async () => {
    const { page } = await open()
    const titles = await page.locator('#timeline .panel-title').allTextContents()
    expect(titles).toEqual([
      'Requests',
      'Response time',
      'Messages published',
      'Deliveries received',
      'Delivery latency',
      'Late and lost deliveries',
      'Connections',
      'Breaks and returns',
      'Errors',
      'Users',
    ])
    await page.locator('#timeline [role=group]').nth(5).focus()
    for (let step = 0; step < 4; step++) await page.keyboard.press('ArrowRight')
    await expect(page.locator('#timeline .panel-time').allTextContents()).resolves.toEqual(titles.map(() => '0:03.5'))
  })

  it('gives the latency of one event when asked', async () => {
    const { page } = await open()
    const plot = page.locator('#delivery-latency .percentile-plot svg')
    const all = await plot.getAttribute('aria-label')
    await page.locator('#delivery-latency select').selectOption('reaction')
    await expect(plot.getAttribute('aria-label')).resolves.not.toBe(all)
  })

  it('leaves out what is about HTTP when there was none', async () => {
    const { page, troubles } = await openChat({ seconds: 40, logins: false })
    for (const id of ['latency', 'endpoints', 'slowest']) {
      await expect(page.locator(`#${id}, a[href="#${id}"]`).count(), id).resolves.toBe(0)
    }
    await expect(page.locator('#timeline .panel-title').first().textContent()).resolves.toBe('Messages published')
    await expect(page.locator('.hero-figures').textContent()).resolves.toMatch(/delivery p95.*lost/)
    expect(troubles).toEqual([])
  })

  it('stays quick and small with thousands of rooms', async () => {
    const file = await write({ seconds: 60, rooms: 3000 })
    onTestFinished(() => file[Symbol.asyncDispose]())
    expect(file.bytes).toBeLessThan(1_000_000)
    const { page } = await openReport(browser, file)
    await expect(page.locator('#deliveries tbody tr').count()).resolves.toBe(20)
    await expect(page.locator('.table-more').textContent()).resolves.toMatch(/^20 of \d,\d{3} rows/)
  })

  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 360],
    ['dark', 360],
  ] as const)('fits and has no serious accessibility finding in %s at %i pixels', async (colorScheme, width) => {
    const { page } = await openChat({ seconds: 40, leaks: true }, { colorScheme, viewport: { width, height: 900 } })
    await expect(page.evaluate(() => document.documentElement.scrollWidth)).resolves.toBeLessThanOrEqual(width)
    expect(await graveFindings(page)).toEqual([])
  })
})
