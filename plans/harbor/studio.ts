import { type Duration, journey, type User } from 'plimsoll'
import { type Person, password, personOf } from './people.ts'

/** Those who use a service as they should, and those who attack it; each from an address of its own. */
export interface Studio {
  readonly people: readonly Person[]
  /** Accounts whose passwords attackers guess at. */
  readonly victims: readonly Person[]
  readonly operator: Person
}

/** Requests a minute that an address may make without being signed in. */
export const anonymousLimit = 40

const nameOf = (user: User<Studio>): Person => personOf(user.data.people, user.id - 1)

async function signIn(user: User<Studio>): Promise<void> {
  const answer = await user.http.post('/api/auth/login', { json: { email: nameOf(user).email, password } })
  user.check(answer, { 'response time < 500ms': ({ timings }) => timings.total < 500 })
  const isIn = user.check(answer, { 'status is 200': ({ status }) => status === 200 })
  if (isIn) user.state['token'] = answer.json<{ token: string }>().token
}

/** After a sign-in, if there was none; undefined when that failed. */
async function token(user: User<Studio>): Promise<string | undefined> {
  if (user.state['token'] === undefined) await signIn(user)
  return user.state['token']
}

async function read(user: User<Studio>, path: string): Promise<void> {
  const bearer = await token(user)
  if (bearer === undefined) return
  const answer = await user.http.get(path, { auth: { bearer } })
  user.check(answer, {
    'api response ok': ({ status }) => status === 200,
    'api response time < 200ms': ({ timings }) => timings.total < 200,
  })
}

const picture = new Uint8Array(20_000)

async function upload(user: User<Studio>): Promise<void> {
  const bearer = await token(user)
  if (bearer === undefined) return
  const answer = await user.http.post('/api/files', { auth: { bearer }, form: { file: picture } })
  user.check(answer, { 'is kept': ({ status }) => status === 201 })
}

const tags = { who: 'good' }

/** "Mix of auth, API, and file operations", one every `pace`. */
export const working = (name: string, pace?: Duration) => {
  const options = { ...(pace !== undefined && { pace }), tags }
  return [
    journey<Studio>(`${name}: sign in`, { weight: 1, ...options }, signIn),
    journey<Studio>(`${name}: rooms`, { weight: 3, ...options }, (user) => read(user, '/api/rooms')),
    journey<Studio>(`${name}: users`, { weight: 3, ...options }, (user) => read(user, '/api/users')),
    journey<Studio>(`${name}: files`, { weight: 2, ...options }, (user) => read(user, '/api/files')),
    journey<Studio>(`${name}: upload`, { weight: 1, ...options }, upload),
  ]
}

/** The k6 script: a sign-in, a second, the list of files, two seconds. */
export const visit = journey<Studio>('visit', { think: '2s', tags }, async (user) => {
  await signIn(user)
  await user.sleep('1s')
  await read(user, '/api/files')
})

/** "10 requests/second per attacker, all failed login attempts": from the eleventh on, nothing may be answered but no. */
export const bruteForce = journey<Studio>('brute force', { pace: '100ms', tags: { who: 'attacker' } }, async (user) => {
  const { email } = personOf(user.data.victims, user.index)
  const answer = await user.http.post('/api/auth/login', {
    name: 'a guess',
    json: { email, password: user.unique('guess') },
    expect: [401, 403, 429],
  })
  user.check(answer, { 'no guess is let in': ({ status }) => status !== 200 })
  if (user.state['guesses'] >= 10) {
    user.check(answer, { 'guesses after the tenth are blocked': ({ status }) => status === 429 || status === 403 })
  }
  user.state['guesses'] = (user.state['guesses'] ?? 0) + 1
})

const window = 60_000

/** "Rapid requests", not signed in: in no minute does a bot get more answers than an address may have. */
export const bot = (name: string, pace: Duration) =>
  journey<Studio>(name, { pace, tags: { who: 'bot' } }, async (user) => {
    const { state } = user
    const now = performance.now()
    if (!(now - state['since'] < window)) Object.assign(state, { since: now, answered: 0 })
    const answer = await user.http.get('/api/users', { name: 'a request of a bot', expect: [401, 403, 429] })
    if (answer.status === 401) state['answered'] += 1
    user.check(state, { 'bots get no more than the limit': ({ answered }) => answered <= anonymousLimit })
    if (answer.status === 429) {
      user.check(answer, { 'bots are told when to come back': ({ headers }) => Number(headers.get('retry-after')) > 0 })
    }
  })

interface Minute {
  readonly redis: { readonly latency: number }
}

/** "Redis latency: < 10ms", as harbor measures it; its own memory, where there is no Redis, answers at once. */
export const operate = journey<Studio>(
  'look at the figures',
  { think: '5s', tags: { who: 'operator' } },
  async (user) => {
    const answer = await user.http.get('/api/admin/performance/metrics', { auth: { bearer: user.data.operator.token } })
    user.check(answer, {
      'Redis answers in time': (got) => (got.json<{ metrics: Minute[] }>().metrics.at(-1)?.redis.latency ?? 0) < 10,
    })
  },
)
