import { journey, plan, type SetupContext, type User, users } from 'plimsoll'
import { type Person, personOf, post, register } from '../../plans/harbor/people.ts'
import { system } from './system.ts'

interface Data {
  readonly people: readonly Person[]
  readonly room: string
}

/** The requests that FluxStudio's users make most, one after the other, to compare what layers of security cost. */
const mix = journey('mix', async (user: User<Data>) => {
  const { people, room } = user.data
  const auth = { bearer: personOf(people, user.id - 1).token }
  await user.http.get('/api/auth/me', { auth })
  await user.http.get('/api/users', { auth })
  await user.http.get('/api/rooms', { auth })
  await user.http.post('/api/messages', { auth, name: 'POST /api/messages', json: { room_id: room, content: 'hello' } })
})

async function open(context: SetupContext): Promise<Data> {
  const people = await register(context, 8)
  const { room } = await post<{ room: { id: string } }>(context.http, personOf(people, 0), '/api/rooms', { name: 'r' })
  for (const person of people) await post(context.http, person, `/api/rooms/${room.id}/join`)
  return { people, room: room.id }
}

export default plan({
  name: 'Layers of security',
  system: { url: 'http://127.0.0.1:3000' },
  probes: system(),
  setup: open,
  journeys: [mix],
  profiles: { full: { load: users(8).for('10s').journeys(mix), warmUp: '1s' } },
  thresholds: { errors: '= 0%' },
})
