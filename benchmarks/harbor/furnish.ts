/** People who are signed in, and a room that all of them are in. */
export interface Furnished {
  readonly tokens: readonly string[]
  readonly room: string
  /** @throws {Error} when it is not answered with 2xx */
  post<Body>(path: string, token: string | undefined, body: unknown): Promise<Body>
}

/** Registers so many people at a harbor that nobody knows yet. */
export async function furnish(url: string, people: number): Promise<Furnished> {
  const post = async <Body>(path: string, token: string | undefined, body: unknown): Promise<Body> => {
    const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }
    const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}`)
    return (await answer.json()) as Body
  }
  const tokens: string[] = []
  for (let index = 0; index < people; index += 1) {
    const body = { email: `${index}@plimsoll.test`, password: 'correct horse battery staple', name: `Person ${index}` }
    tokens.push((await post<{ token: string }>('/api/auth/register', undefined, body)).token)
  }
  const { room } = await post<{ room: { id: string } }>('/api/rooms', tokens[0], { name: 'Everyone' })
  for (const token of tokens) await post(`/api/rooms/${room.id}/join`, token, {})
  return { tokens, room: room.id, post }
}
