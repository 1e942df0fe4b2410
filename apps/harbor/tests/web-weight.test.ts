import { stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildWeb } from '../web/build.mjs'
import { createRoom, launchBrowser, type Newcomer, newcomer } from './support/browser.ts'
import { type Instance, startInstance } from './support/instance.ts'
import { startTestPostgres, type TestPostgres, withClient } from './support/postgres.ts'

let files: Awaited<ReturnType<typeof buildWeb>>
let postgres: TestPostgres
let harbor: Instance
let browser: Browser
let ann: Newcomer
let room: string

beforeAll(async () => {
  files = await buildWeb()
  postgres = await startTestPostgres()
  const databaseUrl = await postgres.database()
  harbor = await startInstance(databaseUrl)
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
})

afterAll(async () => {
  await browser?.close()
  await harbor?.close()
  await postgres?.stop()
})

const bundled = () => files.flatMap(({ inputs }) => inputs)

test('nothing is in the scripts twice: no module in two of them, no package from two places', () => {
  const modules = bundled().filter(({ bytes }) => bytes > 0)
  expect(modules.length).toBeGreaterThan(40)
  const paths = modules.map(({ path }) => path)
  expect(paths.filter((path, index) => paths.indexOf(path) !== index)).toEqual([])
  const roots = new Map<string, Set<string>>()
  for (const path of paths) {
    const [, root = '', name = ''] = /^(.*node_modules\/)((?:@[^/]+\/)?[^/]+)/.exec(path) ?? []
    if (name) roots.set(name, (roots.get(name) ?? new Set()).add(root))
  }
  expect([...roots.keys()]).toContain('preact')
  expect([...roots].filter(([, from]) => from.size > 1)).toEqual([])
})

test('what nobody imports is shaken off', async () => {
  const hooks = bundled().find(({ path }) => path.endsWith('preact/hooks/dist/hooks.mjs'))
  const whole = await stat(fileURLToPath(import.meta.resolve('preact/hooks')))
  // It comes minified: what is missing are the hooks that the client does not use.
  expect(hooks?.bytes).toBeGreaterThan(0)
  expect(hooks?.bytes).toBeLessThan(0.85 * whole.size)
})

test('a room of ten thousand messages, looked into at twenty places, leaves less than 50 MB', async () => {
  const { page } = ann
  await page.reload()
  await page.getByText('entry 10000').waitFor()
  for (let share = 0.95; share >= 0; share -= 0.05) {
    await page.locator('.scroller').evaluate((box, to) => box.scrollTo(0, box.scrollHeight * to), share)
    await page.locator('.message:not(.blank)').first().waitFor()
  }
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize, embedderHeapUsedSize = 0 } = (await session.send('Runtime.getHeapUsage')) as {
    usedSize: number
    embedderHeapUsedSize?: number
  }
  expect(usedSize).toBeGreaterThan(0)
  expect(usedSize + embedderHeapUsedSize).toBeLessThan(50e6)
  await session.detach()
})

test('pages that were seen before are there again without a script fetched, and quickly', async () => {
  const { page } = ann
  await page.goto(`${harbor.url}/rooms/${room}`)
  await page.getByRole('link', { name: 'Documents' }).first().click()
  await page.getByLabel('Title of a new document').waitFor()
  const scripts: string[] = []
  page.on('request', (request) => request.resourceType() === 'script' && scripts.push(request.url()))
  const times = (await page.evaluate(`(async () => {
    const appears = (selector) => new Promise((resolve) => {
      const look = () => (document.querySelector(selector) ? resolve() : requestAnimationFrame(look))
      look()
    })
    const times = []
    for (let round = 0; round < 10; round += 1) {
      for (const [link, shown] of [['a[href="/rooms/${room}"]', '.composer'], ['a[href="/documents"]', 'main input']]) {
        const began = performance.now()
        document.querySelector(link).click()
        await appears(shown)
        times.push(performance.now() - began)
      }
    }
    return times
  })()`)) as number[]
  expect(times).toHaveLength(20)
  expect(scripts).toEqual([])
  // The median stands for what the page does, not for what the machine does besides.
  expect(times.sort((one, other) => one - other)[10]).toBeLessThan(300)
})

test('the bar of an upload tells how much of it has gone out, and is gone when it is there', async () => {
  const { page } = ann
  await page.goto(`${harbor.url}/rooms/${room}`)
  await page.getByLabel('Attach a file').waitFor({ state: 'attached' })
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  const slow = { offline: false, latency: 5, downloadThroughput: -1, uploadThroughput: 1_000_000 }
  await session.send('Network.emulateNetworkConditions', slow)
  await page.evaluate(`(() => {
    window.told = []
    window.seen = []
    const listen = XMLHttpRequest.prototype.send
    XMLHttpRequest.prototype.send = function (body) {
      this.upload.addEventListener('progress', ({ loaded, total }) => {
        window.told.push(loaded / total)
        requestAnimationFrame(() => {
          const bar = document.querySelector('.upload progress')
          if (bar) window.seen.push([bar.value, window.told.at(-1)])
        })
      })
      return listen.call(this, body)
    }
  })()`)
  const buffer = Buffer.alloc(2_000_000, 'log ')
  await page.getByLabel('Attach a file').setInputFiles({ name: 'log.txt', mimeType: 'text/plain', buffer })
  await page.locator('.message', { hasText: 'log.txt' }).last().waitFor()
  await page.locator('.upload').waitFor({ state: 'detached' })
  const seen = (await page.evaluate('window.seen')) as [number, number][]
  const told = (await page.evaluate('window.told')) as number[]
  expect(told.at(-1)).toBe(1)
  expect(seen.length).toBeGreaterThan(2)
  expect(seen.some(([shown]) => shown > 0 && shown < 1)).toBe(true)
  for (const [index, [shown, sent]] of seen.entries()) {
    expect(shown).toBeGreaterThanOrEqual(seen[index - 1]?.[0] ?? 0)
    expect(told).toContain(shown)
    expect(shown).toBeLessThanOrEqual(sent)
  }
  await session.detach()
})
