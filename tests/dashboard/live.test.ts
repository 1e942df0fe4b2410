import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildPage } from '../../packages/dashboard/build.mjs'
import { generatedRun } from '../../packages/dashboard/src/fixtures/generated-run.ts'
import type { LiveWindow } from '../../packages/dashboard/src/fixtures/live-page.tsx'
import type { RunEvent } from '../../packages/plimsoll/src/record/events.ts'
import { launchBrowser } from './browser.ts'
import { type ReportFile, writeReport } from './report-page.ts'

let browser: Browser
let live: ReportFile

beforeAll(async () => {
  browser = await launchBrowser()
  live = await writeReport(
    await buildPage(fileURLToPath(new URL('../../packages/dashboard/src/fixtures/live-page.tsx', import.meta.url))),
  )
})
afterAll(async () => {
  await browser?.close()
  await live?.[Symbol.asyncDispose]()
})

/** Runs in the page. */
const push = (batch: readonly RunEvent[]): void => (window as unknown as LiveWindow).push(batch)

it('grows with the events of a run under way, and keeps what the reader has chosen', async () => {
  const page = await browser.newPage()
  const troubles: string[] = []
  page.on('pageerror', (error) => troubles.push(error.message))
  await page.goto(live.url)
  await page.waitForSelector('.waiting')
  const events = generatedRun({ seconds: 60, rate: 200, unfinished: true })
  const upTo = (seconds: number) => events.findIndex((event) => event.type === 'interval' && event.index === seconds)
  const requests = async (): Promise<number> => {
    const text = await page.locator('.hero-figures dd').first().textContent()
    return Number(text?.replaceAll(',', ''))
  }

  await page.evaluate(push, events.slice(0, upTo(20)))
  await page.waitForSelector('h1')
  await expect(page.locator('h1').textContent()).resolves.toBe('Running for 20 s')
  await expect(page.locator('#thresholds tbody tr').count()).resolves.toBe(14)
  const early = await requests()
  await page.locator('#timeline select').selectOption('GET /ledger')
  await page.locator('#endpoints thead button').first().click()

  await page.evaluate(push, events.slice(upTo(20), upTo(40)))
  await page.getByRole('heading', { name: 'Running for 40 s' }).waitFor()
  expect(await requests()).toBeGreaterThan(early)
  await expect(page.locator('#timeline select').inputValue()).resolves.toBe('GET /ledger')
  await expect(page.locator('#endpoints th[aria-sort]').count()).resolves.toBe(1)
  await expect(
    page.locator('#timeline .panel-stack').evaluate((stack: HTMLElement) => stack.dataset['to']),
  ).resolves.toBe('40')
  expect(troubles).toEqual([])
})
