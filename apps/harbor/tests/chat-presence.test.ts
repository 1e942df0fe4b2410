import { setImmediate as turn } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Instance } from './support/instance.ts'
import { type Pair, startPair } from './support/pair.ts'
import { people, type SignedIn } from './support/people.ts'
import { dialPlain, type Talker, transports } from './support/talk.ts'

let pair: Pair
let harbor: Instance
let other: Instance
const open: Talker[] = []

beforeAll(async () => {
  // Asked again and again: without the limit of events.
  pair = await startPair({ HARBOR_SECURITY: 'log' })
  ;({ harbor, other } = pair)
})

afterAll(async () => {
  for (const talker of open) talker.close()
  await pair?.close()
})

async function makeRoom(suffix: string) {
  const they = people(harbor)
  const users = (await Promise.all(
    ['ann', 'bob', 'eve'].map(async (who) => (await they.register(`${who}-${suffix}`)).body),
  )) as [SignedIn, SignedIn, SignedIn]
  const { room } = (await they.post<{ room: { id: string } }>('/api/rooms', { name: 'r' }, undefined, users[0].token))
    .body
  for (const { token } of users) await they.post(`/api/rooms/${room.id}/join`, {}, undefined, token)
  return { users, room_id: room.id }
}

/** Joins again until those are said to be there whom other instances noted. */
async function untilPresent(talker: Talker, room_id: string, expected: Readonly<Record<string, string | null>>) {
  for (;;) {
    const { present } = await talker.ask('room:join', { room_id, present: true })
    const found = Object.fromEntries((present ?? []).map(({ user_id, status }) => [user_id, status]))
    if (JSON.stringify(Object.entries(found).sort()) === JSON.stringify(Object.entries(expected).sort())) return
    await turn()
  }
}

it.each(transports)(
  'says who is in a room, on whatever instance, to who joins and asks, over %s',
  async (name, dial) => {
    const { users, room_id } = await makeRoom(name.replaceAll(' ', '-'))
    const [ann, bob, eve] = users
    const call = async ({ token }: SignedIn, { url }: Instance) => {
      const talker = await dial(url, token)
      open.push(talker)
      return talker
    }
    const [anns, bobs, bobsOther, eves] = [
      await call(ann, harbor),
      await call(bob, other),
      await call(bob, other),
      await call(eve, other),
    ]
    expect(await anns.ask('room:join', { room_id, present: true })).toMatchObject({
      present: [{ user_id: ann.user.id, status: null }],
    })
    expect(await eves.ask('room:join', { room_id })).not.toHaveProperty('present')
    for (const each of [bobs, bobsOther]) await each.ask('room:join', { room_id })
    await bobs.ask('presence:set', { status: 'away' })
    await untilPresent(anns, room_id, { [ann.user.id]: null, [bob.user.id]: 'away', [eve.user.id]: null })

    // Who closed one of two connections is still there; who left, or says so, is not.
    bobs.close()
    await eves.ask('room:leave', { room_id })
    await untilPresent(anns, room_id, { [ann.user.id]: null, [bob.user.id]: null })
    await bobsOther.ask('presence:set', { status: 'offline' })
    await untilPresent(anns, room_id, { [ann.user.id]: null })
  },
)

it('says who is on the same instance while Redis is away', async () => {
  const { users, room_id } = await makeRoom('alone')
  const [anns, bobs] = await Promise.all(users.slice(0, 2).map(({ token }) => dialPlain(harbor.url, token)))
  if (!anns || !bobs) throw new Error('nobody is connected')
  open.push(anns, bobs)
  await pair.redis.kill()
  await bobs.ask('room:join', { room_id })
  await untilPresent(anns, room_id, { [users[0].user.id]: null, [users[1].user.id]: null })
})
