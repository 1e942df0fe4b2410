import { request } from 'node:http'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildWeb } from '../web/build.mjs'
import { type Instance, startInstance } from './support/instance.ts'
import { startTestPostgres, type TestPostgres } from './support/postgres.ts'

let postgres: TestPostgres
let harbor: Instance
let script: string

beforeAll(async () => {
  const files = await buildWeb()
  script = `/${files.find(({ path }) => /main-\w+\.js$/.test(path))?.path}`
  postgres = await startTestPostgres()
  harbor = await startInstance(await postgres.database())
})

afterAll(async () => {
  await harbor?.close()
  await postgres?.stop()
})

/** As it comes over the wire: `fetch` would decompress it. */
function raw(path: string, headers: Record<string, string> = {}, method = 'GET') {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }>((resolve, reject) => {
    const asked = request(harbor.url + path, { method, headers }, async (answer) => {
      const chunks: Buffer[] = []
      for await (const chunk of answer) chunks.push(chunk as Buffer)
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) })
    })
    asked.on('error', reject).end()
  })
}

test('scripts are kept for ever, the page is asked for each time', async () => {
  expect((await raw(script)).headers['cache-control']).toBe('public, max-age=31536000, immutable')
  for (const path of ['/', '/service-worker.js', '/manifest.webmanifest']) {
    expect((await raw(path)).headers['cache-control']).toBe('no-cache')
  }
})

test('what was compressed beforehand is sent so, to those who take it', async () => {
  const plain = await raw(script)
  const br = await raw(script, { 'accept-encoding': 'gzip, br' })
  const gzip = await raw(script, { 'accept-encoding': 'gzip' })
  expect([plain, br, gzip].map(({ headers }) => headers['content-encoding'])).toEqual([undefined, 'br', 'gzip'])
  expect(brotliDecompressSync(br.body)).toEqual(plain.body)
  expect(gunzipSync(gzip.body)).toEqual(plain.body)
  expect(br.headers['vary']).toContain('Accept-Encoding')
  expect(new Set([plain, br, gzip].map(({ headers }) => headers['etag'])).size).toBe(3)
})

test('what the browser has is not sent again', async () => {
  const { headers } = await raw('/')
  const again = await raw('/', { 'if-none-match': String(headers['etag']) })
  expect([again.status, again.body.length]).toEqual([304, 0])
  expect((await raw('/', { 'if-none-match': '"other"' })).status).toBe(200)
})

test("the client's own addresses all show the client, under the strict policy", async () => {
  for (const path of ['/', '/sign-in', '/rooms', '/rooms/5', '/documents', '/documents/5?x=1']) {
    const { status, headers, body } = await raw(path)
    expect([path, status, headers['content-type']]).toEqual([path, 200, 'text/html; charset=utf-8'])
    expect(headers['content-security-policy']).toContain("default-src 'self'")
    // Nothing in it needs more than the policy gives.
    expect(body.toString()).not.toMatch(/<script(?![^>]*src=)|<style|\son\w+=|style=/)
  }
})

test('nothing else does: unknown paths, of the API too, are 404 in the envelope; other methods 405', async () => {
  for (const path of ['/api/nothing', '/nowhere', '/assets/', '/assets/..%2f..%2fpackage.json', '/rooms/1/2', '/ws']) {
    const { status, headers, body } = await raw(path, { accept: 'text/html' })
    expect([path, status]).toEqual([path, 404])
    expect(headers['content-type']).toContain('application/json')
    expect(JSON.parse(body.toString()).error.code).toBe('not_found')
  }
  expect((await raw('/', {}, 'POST')).status).toBe(405)
  expect((await raw('/', {}, 'HEAD')).status).toBe(200)
})
