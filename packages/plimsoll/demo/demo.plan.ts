import { arrivals, journey, plan, users } from 'plimsoll'

const browse = journey('browse', { weight: 3, think: '200ms..600ms' }, async (user) => {
  const found = await user.http.get('/search', { params: { q: user.random.integer(1, 20) } })
  user.check(found, { 'finds something': (res) => res.json<{ items: unknown[] }>().items.length > 0 })
  await user.sleep('100ms..300ms')
  await user.http.get(`/items/${user.random.integer(0, 199)}`)
})

const order = journey('order', { weight: 1, think: '500ms..1s' }, async (user) => {
  await user.step('choose', () => user.http.get(`/items/${user.random.integer(0, 199)}`))
  const placed = await user.http.post('/orders', { json: { order_id: user.unique('order') } })
  user.check(placed, { 'is placed': (res) => res.status === 201 })
})

export default plan({
  name: 'Demo shop',
  system: { url: 'http://127.0.0.1:7357', start: 'node server.mjs', ready: '/health' },
  env: { PORT: 7357 },
  journeys: [browse, order],
  profiles: {
    smoke: { load: users.ramp('3s', 30).hold('12s') },
    rush: { load: arrivals.ramp('10s', 200).hold('20s') },
  },
  thresholds: {
    'GET /search': { p50: '< 30ms', p95: '< 150ms' },
    'GET /items/:id': { p95: '< 50ms' },
    'POST /orders': { p95: '< 100ms', rate: '> 1/s' },
    checks: '> 99%',
    errors: '< 1%',
    process: { cpu: '< 80%', memory: '< 256MB' },
  },
})
