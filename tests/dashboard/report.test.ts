import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { buildTemplate } from '../../packages/dashboard/build.mjs'
import { generatedRun } from '../../packages/dashboard/src/fixtures/generated-run.ts'
import type { ValidityFlag } from '../../packages/plimsoll/src/judge/verdict.ts'
import type { RunEvent } from '../../packages/plimsoll/src/record/events.ts'
import { launchBrowser } from './browser.ts'
import { embed, graveFindings, judged, type OpenPage, openReport, type ReportFile, writeReport } from './report-page.ts'

const late: ValidityFlag = {
  id: 'V1',
  severity: 'invalid',
  reason: '99 % of the starts were up to 8.4 ms late; 2 ms are allowed',
  advice: 'Lower the rate, or add workers.',
}

let browser: Browser
let template: string
let report: ReportFile

beforeAll(async () => {
  browser = await launchBrowser()
  template = await buildTemplate()
  report = await writeReport(embed(template, judged(generatedRun(), [])))
})
afterAll(async () => {
  await browser?.close()
  await report?.[Symbol.asyncDispose]()
})

const open = (file: ReportFile, options?: BrowserContextOptions) => openReport(browser, file, options)

async function openRun(
  events: readonly RunEvent[],
  flags?: readonly ValidityFlag[],
  options?: BrowserContextOptions,
): Promise<OpenPage> {
  const file = await writeReport(embed(template, judged(events, flags)))
  onTestFinished(() => file[Symbol.asyncDispose]())
  return open(file, options)
}

/** Endpoint names in the order in which the table has them. */
const endpointOrder = (page: Page) => page.locator('#endpoints tbody th').allTextContents()
const shownRange = (page: Page) =>
  page.locator('#timeline .panel-stack').evaluate((stack: HTMLElement) => [stack.dataset['from'], stack.dataset['to']])

describe('the template', () => {
  it('stays small and carries the place for the data once', () => {
    expect(Buffer.byteLength(template)).toBeLessThan(250 * 1024)
    expect(template.split('<!--plimsoll-data-->')).toHaveLength(2)
  })

  it('says what it is when it is opened without a run', async () => {
    const empty = await writeReport(template)
    onTestFinished(() => empty[Symbol.asyncDispose]())
    const { page } = await open(empty)
    await expect(page.locator('#app').textContent()).resolves.toContain('no run in this page')
  })

  it('lets no script in that is not its own', async () => {
    const { page } = await open(report)
    const ran = await page.evaluate(() => {
      const script = document.createElement('script')
      script.textContent = 'document.title = "taken over"'
      document.body.append(script)
      return document.title
    })
    expect(ran).not.toBe('taken over')
    await expect(page.evaluate(() => fetch('http://127.0.0.1:9/'))).rejects.toThrow()
  })
})

describe('a report', () => {
  it('opens without a complaint and without the network', async () => {
    const { page, troubles } = await open(report)
    await page.locator('#machine').scrollIntoViewIfNeeded()
    expect(troubles).toEqual([])
    await expect(page.locator('h1').textContent()).resolves.toBe('3 of 14 thresholds missed, 1 without data')
    await expect(page.title()).resolves.toBe('Missed: Archive Origin, peak · Plimsoll')
  })

  it('shows what a system answered as text', async () => {
    const { page, troubles } = await open(report)
    await page.locator('#errors summary').first().click()
    await expect(page.locator('#errors pre').nth(1).textContent()).resolves.toContain('<script>alert(1)</script>')
    expect(troubles).toEqual([])
  })

  it('sorts its endpoints by keyboard', async () => {
    const { page } = await open(report)
    const first = page.locator('#endpoints thead button').first()
    await first.focus()
    const names = await page.locator('#endpoints thead button').allTextContents()
    for (let step = 0; step < names.indexOf('p99'); step++) await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    const slowestFirst = await endpointOrder(page)
    expect(slowestFirst).toEqual(['GET /ledger', 'POST /lock-proof', 'GET /ledger/:id', 'GET /health'])
    await page.keyboard.press('Enter')
    await expect(endpointOrder(page)).resolves.toEqual(slowestFirst.toReversed())
    await expect(page.locator('#endpoints th[aria-sort]').getAttribute('aria-sort')).resolves.toBe('ascending')
  })

  it('shows the endpoint that is chosen in the table, by keyboard', async () => {
    const { page } = await open(report)
    await page.locator('#endpoints tbody button').first().focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await expect(page.locator('#timeline select').inputValue()).resolves.toBe('GET /ledger')
    await expect(page.locator('#latency select').inputValue()).resolves.toBe('GET /ledger')
  })

  it('zooms all charts by a drag, and back by Escape, a double click and its button', async () => {
    const { page } = await open(report)
    const plot = page.locator('#timeline .u-over').first()
    const drag = async () => {
      await plot.scrollIntoViewIfNeeded()
      const box = await plot.boundingBox()
      if (box === null) throw new Error('the first chart has no box')
      await page.mouse.move(box.x + box.width * 0.25, box.y + 20)
      await page.mouse.down()
      await page.mouse.move(box.x + box.width * 0.5, box.y + 20, { steps: 5 })
      await page.mouse.up()
      const [from, to] = (await shownRange(page)).map(Number)
      expect(from).toBeCloseTo(75, -1)
      expect(to).toBeCloseTo(150, -1)
    }
    await drag()
    await expect(page.locator('#generator [role=group]').first().getAttribute('aria-label')).resolves.toMatch(
      /from 1:1/,
    )
    await page.keyboard.press('Escape')
    await expect(shownRange(page)).resolves.toEqual(['0', '300'])
    await drag()
    await plot.dblclick()
    await expect(shownRange(page)).resolves.toEqual(['0', '300'])
    await drag()
    await page.getByRole('button', { name: 'Reset zoom' }).click()
    await expect(shownRange(page)).resolves.toEqual(['0', '300'])
  })

  it('moves the cursor and zooms by keys', async () => {
    const { page } = await open(report)
    await page.locator('#timeline [role=group]').first().focus()
    for (let step = 0; step < 10; step++) await page.keyboard.press('ArrowRight')
    await expect(page.locator('#timeline .panel-time').first().textContent()).resolves.toBe('0:09.5')
    await page.keyboard.press('+')
    await expect(shownRange(page)).resolves.toEqual(['75', '225'])
    await page.keyboard.press('Shift+ArrowRight')
    await expect(shownRange(page)).resolves.toEqual(['112.5', '262.5'])
  })

  it('reads out the same instant in every chart', async () => {
    const { page } = await open(report)
    const plot = page.locator('#timeline .u-over').nth(1)
    await plot.scrollIntoViewIfNeeded()
    await plot.hover({ position: { x: 400, y: 40 } })
    const times = await page.locator('#timeline .panel-time').allTextContents()
    expect(times).toHaveLength(4)
    expect(new Set(times).size).toBe(1)
  })

  it('changes its theme and keeps the choice', async () => {
    const { page } = await open(report, { colorScheme: 'light' })
    const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    const light = await paper()
    await page.getByRole('button', { name: 'Dark theme' }).click()
    const dark = await paper()
    expect(dark).not.toBe(light)
    await page.reload()
    await page.waitForSelector('h1')
    await expect(paper()).resolves.toBe(dark)
  })

  it('fits 360 pixels', async () => {
    const { page } = await open(report, { viewport: { width: 360, height: 780 } })
    await expect(page.evaluate(() => document.documentElement.scrollWidth)).resolves.toBeLessThanOrEqual(360)
  })

  it('gives every chart as a table', async () => {
    const { page } = await open(report)
    const summary = page.locator('#timeline .chart-table summary')
    await summary.focus()
    await page.keyboard.press('Enter')
    await page.locator('#timeline .chart-table table').waitFor()
    await expect(page.locator('#timeline .chart-table tbody tr').count()).resolves.toBe(300)
    await expect(page.locator('#latency .chart-table').count()).resolves.toBe(2)
  })

  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 360],
    ['dark', 360],
  ] as const)('has no serious accessibility finding in %s at %i pixels', async (colorScheme, width) => {
    const { page } = await openRun(generatedRun({ seconds: 40, rate: 150 }), [late], {
      colorScheme,
      viewport: { width, height: 900 },
    })
    expect(await graveFindings(page)).toEqual([])
  })
})

describe('a report of another kind of run', () => {
  it('strikes percentiles out when the measurement is invalid, with the reason beside', async () => {
    const { page } = await openRun(generatedRun({ seconds: 40, rate: 200 }), [late])
    await expect(page.locator('h1').textContent()).resolves.toBe('Not valid: the generator was late')
    await expect(page.locator('#endpoints .struck-note').textContent()).resolves.toContain('the generator was late')
    await expect(page.locator('#endpoints tbody s').count()).resolves.toBeGreaterThan(0)
    await expect(page.locator('#generator').textContent()).resolves.toContain(late.advice)
  })

  it('says what an invalid run means, and what to do', async () => {
    const busy = generatedRun({ seconds: 40, rate: 100 }).map((event) =>
      event.type === 'interval' ? { ...event, host: { ...event.host, cpuTotal: event.host.cores } } : event,
    )
    const { page } = await openRun(busy)
    await expect(page.locator('h1').textContent()).resolves.toContain('Not valid')
    await expect(page.locator('.hero-meaning').textContent()).resolves.toContain('the system, which may be fine')
    await expect(page.locator('.hero-meaning li').allTextContents()).resolves.toContainEqual(
      expect.stringContaining('Stop other work on the machine'),
    )
  })

  it('has a second line of those that succeeded, where some failed', async () => {
    const { page } = await open(report)
    const row = page.locator('#endpoints tbody tr', { hasText: 'POST /lock-proof' })
    await expect(row.locator('.succeeded').first().textContent()).resolves.toMatch(/^[\d,]+ succeeded$/)
    await expect(row.locator('.succeeded').count()).resolves.toBe(6)
    await expect(
      page.locator('#endpoints tbody tr', { hasText: 'GET /health' }).locator('.succeeded').count(),
    ).resolves.toBe(0)
  })

  it('shows rough percentiles as such, and says why', async () => {
    const { page } = await openRun(generatedRun({ seconds: 12, rate: 60 }))
    const rough = page.locator('#endpoints .rough').first()
    await expect(rough.textContent()).resolves.toMatch(/^≈ [\d.,]+: fewer than 10 samples lie beyond it/)
    await expect(rough.getAttribute('title')).resolves.toContain('fewer than 10 samples')
    await expect(page.locator('main').textContent()).resolves.not.toContain('too few')
  })

  it('says of each section that it is empty when nothing was measured', async () => {
    const [start] = generatedRun({ seconds: 1 })
    if (start === undefined) throw new Error('a generated run begins with an event')
    const { page, troubles } = await openRun([start])
    const text = await page.locator('main').textContent()
    expect(text).not.toMatch(/NaN|undefined|Infinity|\b0 ms\b/)
    for (const id of [
      'timeline',
      'latency',
      'endpoints',
      'journeys',
      'checks',
      'errors',
      'slowest',
      'probes',
      'faults',
    ]) {
      await expect(page.locator(`#${id} .empty`).count(), id).resolves.toBe(1)
    }
    for (const id of ['deliveries', 'delivery-latency', 'connections', 'answers', 'messages']) {
      await expect(page.locator(`#${id}, a[href="#${id}"]`).count(), id).resolves.toBe(0)
    }
    await expect(page.locator('.hero-figures').textContent()).resolves.toContain('no data')
    expect(troubles).toEqual([])
  })
})
