import { journey, plan, users } from 'plimsoll'

const hello = journey('hello', async (user) => {
  const res = await user.http.get('/', { name: 'hello' })
  user.check(res, { 'is 200': (r) => r.status === 200 })
})

export default plan({
  name: 'Throughput',
  system: { url: 'http://127.0.0.1:1/' },
  journeys: [hello],
  profiles: { closed: { load: users(100).for('15s') } },
})
