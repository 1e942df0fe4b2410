import { arrivals, journey, plan } from 'plimsoll'

const hello = journey('hello', async (user) => {
  await user.http.get('/', { name: 'hello' })
})

// Users enough for a server that stands still for a second. Even gaps, because the truth is then known exactly: of random
// arrivals, more or fewer than a fifth would meet the freeze.
const load = (rate: number) => ({
  load: arrivals(rate)
    .for('20s')
    .even()
    .max(3 * rate),
  judge: 'all' as const,
})

export default plan({
  name: 'Accuracy',
  system: { url: 'http://127.0.0.1:1/' },
  journeys: [hello],
  profiles: { '500/s': load(500), '2000/s': load(2000) },
})
