import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { createMetrics } from '../../apps/harbor/src/metrics/metrics.ts'
import { LONGEST_PAGE } from '../../packages/plimsoll/src/probes/prometheus/page-fetcher.ts'
import { PrometheusProbe } from '../../packages/plimsoll/src/probes/prometheus/prometheus-probe.ts'
import { bucketQuantile, type CountedBuckets, meanOf } from '../../packages/plimsoll/src/record/counted.ts'
import { createCertificates } from '../http/certificates.ts'

/** An endpoint for as long as the body runs. */
async function serving(
  listener: RequestListener,
  body: (url: string) => Promise<void>,
  identity?: { cert: string; key: string },
): Promise<void> {
  const server = identity === undefined ? createServer(listener) : createSecureServer(identity, listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  try {
    await body(`${identity === undefined ? 'http' : 'https'}://127.0.0.1:${port}/metrics`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

const where = {}
const figures = {
  commands: { kind: 'histogram', metric: 'redis_command_duration_seconds', where, factor: 1000 },
  'hit rate': {
    kind: 'share',
    part: { metric: 'cache_hits_total', where: { cache: ['rooms'] } },
    whole: [
      { metric: 'cache_hits_total', where: { cache: ['rooms'] } },
      { metric: 'cache_misses_total', where: { cache: ['rooms'] } },
    ],
  },
  open: { kind: 'gauge', metric: 'websocket_active_connections', where, factor: 1 },
  requests: { kind: 'counter', metric: 'http_requests_total', where: { method: ['GET', 'HEAD'] }, factor: 1 },
} as const

const target = (url: string, headers: Readonly<Record<string, string>> = {}) => ({ url, headers, figures })
const failure = (url: string): Promise<string> => new PrometheusProbe(target(url)).start().then(() => 'started', String)

type Registry = ReturnType<typeof createMetrics>['registry']

/** As harbor tells it. */
const telling =
  (registry: Pick<Registry, 'contentType' | 'metrics'>): RequestListener =>
  async (_, response) => {
    response.setHeader('content-type', registry.contentType)
    response.end(await registry.metrics())
  }

describe('PrometheusProbe', () => {
  it.each([
    'text/plain; version=0.0.4; charset=utf-8',
    'application/openmetrics-text; version=1.0.0; charset=utf-8',
  ] as const)("reads harbor's metrics as %s", async (contentType) => {
    const { registry, redis, cache, webSockets, request } = createMetrics()
    registry.setContentType(contentType as never)
    const [rooms, others] = [cache('rooms'), cache('others')]
    redis.command(500)
    rooms.hits.inc(1000)
    rooms.misses.inc()
    await serving(telling(registry), async (url) => {
      const probe = new PrometheusProbe(target(url))
      await probe.start()
      for (let i = 0; i < 100; i++) redis.command(i < 80 ? 0.5 : 2)
      rooms.hits.inc(9)
      rooms.misses.inc(1)
      others.hits.inc(9)
      webSockets.set(42)
      for (let i = 0; i < 30; i++) request('GET', '/', 200, 0.001)
      for (let i = 0; i < 70; i++) request('POST', '/', 200, 0.001)
      const values = await probe.sample()
      const observed = values['commands'] as CountedBuckets
      expect(observed.counts.slice(0, 4)).toEqual([80, 20, 0, 0])
      expect(bucketQuantile(observed, 0.9)?.value).toBeCloseTo(1.75)
      expect(meanOf(observed)).toBeCloseTo(0.8)
      expect(values).toMatchObject({ 'hit rate': { part: 9, whole: 10 }, open: 42 })
      expect(Number(values['commands rate']) / Number(values['requests'])).toBeCloseTo(100 / 30)
      expect(probe.gaps).toEqual([])
      expect([...probe.missing]).toEqual([])
      await probe.stop()
    })
  })

  it('names what the endpoint does not have, and what it has that is like it', async () => {
    const { registry } = createMetrics()
    await serving(telling(registry), async (url) => {
      const probe = new PrometheusProbe({
        url,
        headers: {},
        figures: { commands: { ...figures.commands, metric: 'redis_comand_duration_seconds' } },
      })
      await probe.start()
      await probe.sample()
      expect(probe.missing.get('commands')).toContain('did you mean "redis_command_duration_seconds"?')
      await probe.stop()
    })
  })

  it('says which line it cannot read, and reads the others', async () => {
    const page =
      'websocket_active_connections 3\nhttp_requests_total{method="GET" 1\nhttp_requests_total{method="HEAD"} 1\n'
    await serving(
      (_, response) => response.end(page),
      async (url) => {
        const probe = new PrometheusProbe(target(url))
        await probe.start()
        expect(probe.gaps.join()).toMatch(/cannot be read, such as line 2/)
        expect(await probe.sample()).toMatchObject({ open: 3, requests: 0 })
        await probe.stop()
      },
    )
  })

  it('sends the headers that it is given, and the user of the URL, and tells neither', async () => {
    const listener: RequestListener = (request, response) => {
      const { authorization, 'x-key': key } = request.headers
      response.statusCode = authorization === `Basic ${btoa('me:secret')}` && key === 'secret' ? 200 : 401
      response.end('websocket_active_connections 1\n')
    }
    await serving(listener, async (url) => {
      const withUser = url.replace('//', '//me:secret@')
      const probe = new PrometheusProbe(target(withUser, { 'x-key': 'secret' }))
      await probe.start()
      await probe.stop()
      const refused = await failure(`${withUser}?token=secret`)
      expect(refused).toMatch(/it answers 401/)
      expect(refused).not.toContain('secret')
    })
  })

  it.each<[string, RequestListener, RegExp]>([
    ['no such page', (_, response) => response.writeHead(404).end(), /it answers 404/],
    ['a way elsewhere', (_, response) => response.writeHead(302, { location: '/x' }).end(), /it answers 302/],
    ['an end in the middle', (_, response) => void response.write('open', () => response.destroy()), /was lost/],
    ['a page without an end', (_, response) => flood(response), /longer than/],
    [
      'a compressed page',
      (_, response) =>
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('websocket_active_connections 1')),
      /compressed/,
    ],
    [
      'too many series',
      (_, response) =>
        response.end(Array.from({ length: 20_001 }, (_, i) => `websocket_active_connections{i="${i}"} 1`).join('\n')),
      /more than 20000 series/,
    ],
  ])('survives %s', async (_, listener, message) => {
    await serving(listener, async (url) => expect(await failure(url)).toMatch(message))
  })

  it('trusts the certificates that the plan trusts', async () => {
    const { ca, server } = createCertificates()
    const listener: RequestListener = (_, response) => response.end('websocket_active_connections 1\n')
    await serving(
      listener,
      async (url) => {
        expect(await failure(url)).toMatch(/signed by no authority/)
        const probe = new PrometheusProbe(target(url), { ca })
        await probe.start()
        expect(await probe.sample()).toMatchObject({ open: 1 })
        await probe.stop()
      },
      server,
    )
  })

  it('is told off by nobody, and asks again when there is somebody', async () => {
    expect(await failure('http://127.0.0.1:1/metrics')).toMatch(/127\.0\.0\.1:1\/metrics: connection refused/)
    let probe: PrometheusProbe | undefined
    await serving(
      (_, response) => response.end('websocket_active_connections 1\n'),
      async (url) => {
        probe = new PrometheusProbe(target(url))
        await probe.start()
      },
    )
    await expect(probe?.sample()).rejects.toMatchObject({ code: 'PROBE_FAILED' })
    await probe?.stop()
  })
})

/** Without an end, and no faster than it is read. */
function flood(response: Parameters<RequestListener>[1]): void {
  const chunk = Buffer.alloc(LONGEST_PAGE / 16, 'websocket_active_connections 1\n')
  const more = () => {
    while (!response.destroyed && response.write(chunk)) {}
  }
  response.on('drain', more)
  more()
}
