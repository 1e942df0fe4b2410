import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Instance } from './support/instance.ts'
import { type Pair, startPair } from './support/pair.ts'
import { people, type SignedIn } from './support/people.ts'
import { dialSocketIo, inbox, type Message, type Talker, transports } from './support/talk.ts'

let pair: Pair
let harbor: Instance
let other: Instance
const open: Talker[] = []

beforeAll(async () => {
  pair = await startPair()
  ;({ harbor, other } = pair)
})

afterAll(async () => {
  for (const talker of open) talker.close()
  await pair?.close()
})

/** What comes for a connection as `direct`, one after the other. */
function notices(talker: Talker) {
  const came: string[] = []
  let wake: () => void = () => undefined
  talker.on('direct', ({ content }: Message) => {
    came.push(content)
    wake()
  })
  return {
    came,
    async count(wanted: number): Promise<void> {
      while (came.length < wanted) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
  }
}

it.each(transports)('tells who is online of a direct message, on every instance, over %s', async (name, dial) => {
  const they = people(harbor)
  const [ann, bob, eve] = (await Promise.all(
    ['ann', 'bob', 'eve'].map(async (who) => (await they.register(`${who}-${name.replaceAll(' ', '-')}`)).body),
  )) as [SignedIn, SignedIn, SignedIn]
  const call = async (user: SignedIn, { url }: Instance) => {
    const talker = await dial(url, user.token)
    open.push(talker)
    return talker
  }
  const say = async (content: string) =>
    (
      await they.post<{ message: Message }>(
        '/api/messages',
        { recipient_id: bob.user.id, content },
        undefined,
        ann.token,
      )
    ).body.message
  const [here, elsewhere, eves] = [await call(bob, harbor), await call(bob, other), await call(eve, other)]
  const [atHere, atElsewhere, atEves] = [notices(here), notices(elsewhere), notices(eves)]

  const { room_id } = await say('first')
  await Promise.all([atHere.count(1), atElsewhere.count(1)])

  // Who has joined the room hears of it there, and not twice.
  const joined = inbox(here)
  expect((await here.ask('room:join', { room_id, after_seq: 0 })).missed).toHaveLength(1)
  const anns = await dialSocketIo(harbor.url, ann.token)
  open.push(anns)
  const heardByAnn = notices(anns)
  await anns.ask('message:send', { room_id, content: 'second' })
  await Promise.all([joined.count(1), atElsewhere.count(2)])
  expect([atHere.came, atElsewhere.came]).toEqual([['first'], ['first', 'second']])

  // And again when it left; the same message again is not told again.
  await here.ask('room:leave', { room_id })
  await anns.ask('message:send', { room_id, content: 'third', client_id: 'c' })
  await anns.ask('message:send', { room_id, content: 'third', client_id: 'c' })
  await anns.ask('message:send', { room_id, content: 'last' })
  await Promise.all([atHere.count(3), atElsewhere.count(4)])
  expect(atHere.came).toEqual(['first', 'third', 'last'])
  expect(atElsewhere.came).toEqual(['first', 'second', 'third', 'last'])
  expect([heardByAnn.came, atEves.came]).toEqual([[], []])
})

it('names the other of a direct room to each of the two, in their lists of rooms', async () => {
  const they = people(harbor)
  const [ann, bob] = (await Promise.all(
    ['ann', 'bob'].map(async (who) => (await they.register(`${who}-by-name`)).body),
  )) as [SignedIn, SignedIn]
  await they.post('/api/rooms', { name: 'all' }, undefined, ann.token)
  const write = (to: SignedIn) =>
    they.post<{ message: Message }>('/api/messages', { recipient_id: to.user.id, content: 'hi' }, undefined, ann.token)
  const { room_id } = (await write(bob)).body.message
  const own = (await write(ann)).body.message.room_id
  const listed = async ({ token }: SignedIn) => {
    const { body } = await they.get<{ rooms: readonly { id: string; peer?: object }[] }>(
      '/api/rooms?joined=true',
      token,
    )
    return Object.fromEntries(body.rooms.map(({ id, peer }) => [id, peer]))
  }
  const told = ({ user }: SignedIn) => ({ user_id: user.id, name: user.name })
  const anns = await listed(ann)
  expect([anns[room_id], anns[own], Object.keys(anns).length]).toEqual([told(bob), told(ann), 3])
  expect(Object.values(anns).filter((peer) => peer === undefined)).toHaveLength(1)
  expect(await listed(bob)).toEqual({ [room_id]: told(ann) })
})
