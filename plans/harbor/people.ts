import type { Http, HttpResponse, RequestOptions, SetupContext } from 'plimsoll'

export interface Person {
  readonly id: string
  readonly email: string
  readonly token: string
}

/** Everyone's: what is measured is not how well people choose. */
export const password = 'correct horse battery staple'

/** Requests of `setup` that wait for their answers at one time; harbor hashes two passwords at once. */
const atOnce = 32

/** Registers people who were never there before, whatever is left of earlier runs. */
export async function register(
  { http }: SetupContext,
  count: number,
  options: (index: number) => RequestOptions = () => ({}),
): Promise<readonly Person[]> {
  const run = Date.now().toString(36)
  return each(count, async (index) => {
    const email = `${run}-${index}@plimsoll.test`
    const json = { email, password, name: `Person ${index}` }
    const answer = await http.post('/api/auth/register', { json, ...options(index) })
    const { user, token } = wanted(answer, 201).json<{ user: { id: string }; token: string }>()
    return { id: user.id, email, token }
  })
}

/** Signs in whom `HARBOR_ADMIN_EMAIL` names, and registers them where no earlier run did. */
export async function operator({ http }: SetupContext, email: string): Promise<Person> {
  const credentials = { email, password }
  await http.post('/api/auth/register', { json: { ...credentials, name: 'Operator' }, expect: [201, 409] })
  const answer = await http.post('/api/auth/login', { json: credentials })
  const { user, token } = wanted(answer, 200).json<{ user: { id: string }; token: string }>()
  return { id: user.id, email, token }
}

/** Makes `count` rooms of `size` people each: the first room's are the first `size`, and so on, around and around. */
export async function makeRooms(
  { http }: SetupContext,
  people: readonly Person[],
  { count, size }: { readonly count: number; readonly size: number },
): Promise<readonly string[]> {
  return each(count, async (index) => {
    const members = new Set(Array.from({ length: size }, (_, place) => personOf(people, index * size + place)))
    const [maker, ...others] = [...members]
    if (maker === undefined) throw new Error('a room needs people')
    const { room } = await post<{ room: { id: string } }>(http, maker, '/api/rooms', { name: `Room ${index}` })
    for (const other of others) await post(http, other, `/api/rooms/${room.id}/join`)
    return room.id
  })
}

/** Whoever comes after the last one is the first one again, on another device. */
export function personOf(people: readonly Person[], place: number): Person {
  const person = people[place % people.length]
  if (person === undefined) throw new Error('nobody was registered')
  return person
}

export async function post<Body>(http: Http, { token }: Person, path: string, json?: unknown): Promise<Body> {
  const answer = await http.post(path, { auth: { bearer: token }, ...(json !== undefined && { json }) })
  return wanted(answer, 200, 201).json<Body>()
}

function wanted(answer: HttpResponse, ...statuses: readonly number[]): HttpResponse {
  if (statuses.includes(answer.status)) return answer
  throw new Error(`${answer.url} answered ${answer.status}: ${answer.error?.message ?? answer.text().slice(0, 200)}`)
}

/** As `Promise.all` over the indexes, some at a time. */
async function each<T>(count: number, work: (index: number) => Promise<T>): Promise<readonly T[]> {
  const results: T[] = []
  for (let from = 0; from < count; from += atOnce) {
    const indexes = Array.from({ length: Math.min(atOnce, count - from) }, (_, step) => from + step)
    results.push(...(await Promise.all(indexes.map(work))))
  }
  return results
}
