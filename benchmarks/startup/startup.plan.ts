import { journey, plan, users } from 'plimsoll'

const hello = journey('hello', async (user) => {
  await user.http.get('/')
})

export default plan({
  name: 'Start-up',
  system: { url: 'http://127.0.0.1:1/' },
  journeys: [hello],
  profiles: { once: { load: users(1).iterations(1) } },
})
