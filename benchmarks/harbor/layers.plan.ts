import { arrivals, journey, plan, type User, users } from 'plimsoll'
import { system } from './system.ts'

interface Data {
  readonly tokens: readonly string[]
  readonly room: string
}

/** Of people who were registered before: what that costs is none of a request's cost. */
const data: Data = JSON.parse(process.env['LAYERS_DATA'] ?? '{"tokens":[],"room":""}')

let turns = 0

/** The requests that FluxStudio's users make most, one after the other, each time another user's. */
const mix = journey('mix', async (user: User<Data>) => {
  const { tokens, room } = user.data
  const auth = { bearer: tokens[turns++ % tokens.length] ?? '' }
  await user.http.get('/api/auth/me', { auth })
  await user.http.get('/api/users', { auth })
  await user.http.get('/api/rooms', { auth })
  await user.http.post('/api/messages', { auth, name: 'POST /api/messages', json: { room_id: room, content: 'hello' } })
})

export default plan({
  name: 'Layers of security',
  system: { url: 'http://127.0.0.1:3000' },
  probes: system(),
  setup: async () => data,
  journeys: [mix],
  profiles: {
    /** 200 requests a second, the throughput that seed 001 begins with: nobody waits for anybody else. */
    steady: { load: arrivals(50).for('10s').journeys(mix), warmUp: '1s' },
    /** As many as 8 connections get. */
    full: { load: users(8).for('10s').journeys(mix), warmUp: '1s' },
  },
  thresholds: { errors: '= 0%' },
})
