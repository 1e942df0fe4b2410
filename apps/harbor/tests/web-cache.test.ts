import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildWeb } from '../web/build.mjs'
import { launchBrowser, newcomer } from './support/browser.ts'
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

/** How often harbor was asked for a route, by the status that it answered. */
async function asked(route: string): Promise<Readonly<Record<string, number>>> {
  const text = await (await fetch(`${harbor.url}/metrics`)).text()
  const counts: Record<string, number> = {}
  for (const line of text.split('\n')) {
    const [, of = '', status = '', count] =
      /^http_requests_total\{method="GET",route="([^"]+)",status_code="(\d+)"\} (\d+)$/.exec(line) ?? []
    if (of === route) counts[status] = Number(count)
  }
  return counts
}

test('a list of users that was fetched within the last minute is there again at once, without a request', async () => {
  const { page, context, complaints } = await newcomer(browser, harbor.url, 'Ann Archer')
  const users = (options = '{}') =>
    page.evaluate(`fetch('/api/users?limit=100', ${options}).then((answer) => answer.json())`) as Promise<{
      users: readonly { name: string }[]
    }>
  const first = await users()
  expect(first.users.map(({ name }) => name)).toEqual(['Ann Archer'])
  expect(await asked('/api/users')).toEqual({ '200': 1 })
  expect(await users()).toEqual(first)
  await page.reload()
  expect(await users()).toEqual(first)
  expect(await asked('/api/users')).toEqual({ '200': 1 })

  // Who will not have what may be old asks, and is told that it is not.
  expect(await users("{ cache: 'no-cache' }")).toEqual(first)
  expect(await asked('/api/users')).toEqual({ '200': 1, '304': 1 })
  expect(complaints).toEqual([])
  await context.close()
})

test('what one looks into for news is asked for each time', async () => {
  const { page, context } = await newcomer(browser, harbor.url, 'Bob Baker')
  const rooms = () => page.evaluate("fetch('/api/rooms').then(({ status }) => status)")
  expect([await rooms(), await rooms()]).toEqual([200, 200])
  expect(await asked('/api/rooms')).toMatchObject({ '304': 1 })
  await context.close()
})
