import { journey, plan, users } from 'plimsoll'

const idle = journey('connect and idle', async (user) => {
  await user.http.get('/')
  await user.sleep('10m')
})

// A thousand users a second: what is measured is what they weigh, not how fast they come.
const count = Number(process.env['IDLE_USERS'] ?? 10_000)

export default plan({
  name: 'Idle',
  system: { url: 'http://127.0.0.1:1/' },
  journeys: [idle],
  profiles: { idle: { load: users.ramp('10s', count).hold('2m').gracefulStop('1s') } },
})
