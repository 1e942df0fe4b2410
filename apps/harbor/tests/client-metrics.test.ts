import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildWeb } from '../web/build.mjs'
import { createRoom, hears, launchBrowser, newcomer, say } from './support/browser.ts'
import { type Instance, startInstance } from './support/instance.ts'
import { startTestPostgres, type TestPostgres } from './support/postgres.ts'

let postgres: TestPostgres
let harbor: Instance
let browser: Browser

beforeAll(async () => {
  await buildWeb()
  postgres = await startTestPostgres()
  harbor = await startInstance(await postgres.database())
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser?.close()
  await harbor?.close()
  await postgres?.stop()
})

async function sample(series: string): Promise<number> {
  const text = await (await fetch(`${harbor.url}/metrics`)).text()
  const line = text.split('\n').find((each) => each.startsWith(`${series} `))
  return Number(line?.slice(series.length) ?? Number.NaN)
}

const nothing = { errors: 0, latencies: [], resources: { cached: 0, fetched: 0 } }

it('takes what is within its limits, and nothing else', async () => {
  const tell = (body: unknown) => harbor.send('POST', '/api/client-metrics', harbor.json(body))
  expect((await tell(nothing)).status).toBe(204)
  for (const body of [
    {},
    { ...nothing, errors: -1 },
    { ...nothing, errors: 1e9 },
    { ...nothing, latencies: Array.from({ length: 101 }, () => 1) },
    { ...nothing, latencies: [-1] },
    { ...nothing, page: { layout_shift: 0, first_contentful_paint: 1e12 } },
    { ...nothing, name: 'mine' },
  ]) {
    expect([body, (await tell(body)).status]).toEqual([body, 400])
  }
  expect((await tell({ ...nothing, more: 'x'.repeat(10_000) })).status).toBe(413)
  expect(await sample('client_layout_shift_count')).toBe(0)
})

it('browsers tell of paint, load, shift, errors, latencies and caches when their page is hidden', async () => {
  const { page } = await newcomer(browser, harbor.url, 'Ann Archer')
  await createRoom(page, 'Archive')
  await say(page, 'hello')
  await hears(page, 'hello')
  await page.evaluate("setTimeout(() => { throw new Error('of the test') })")
  const told = page.waitForResponse('**/api/client-metrics')
  // A page without a window is never hidden by itself.
  await page.evaluate(`setTimeout(() => {
    Object.defineProperty(document, 'hidden', { value: true })
    document.dispatchEvent(new Event('visibilitychange'))
  })`)
  expect((await told).status()).toBe(204)
  for (const name of ['first_contentful_paint_ms', 'largest_contentful_paint_ms', 'page_load_ms', 'layout_shift']) {
    expect([name, await sample(`client_${name}_count`)]).toEqual([name, 1])
  }
  expect(await sample('client_errors_total')).toBe(1)
  expect(await sample('client_message_latency_ms_count')).toBeGreaterThan(0)
  expect(await sample('client_message_latency_ms_sum')).toBeGreaterThan(0)
  expect(await sample('client_resources_total{from="network"}')).toBeGreaterThan(0)
  await page.context().close()
})
