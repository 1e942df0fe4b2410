import { arrivals, journey, plan } from 'plimsoll'

const hello = journey('hello', async (user) => {
  const res = await user.http.get('/', { name: 'hello' })
  user.check(res, { 'is 200': (r) => r.status === 200 })
})

const rate = Number(process.env['RATE'] ?? 2000)

export default plan({
  name: 'Overload',
  system: { url: 'http://127.0.0.1:1/' },
  journeys: [hello],
  profiles: { overload: { load: arrivals(rate).for('8s').even() } },
})
