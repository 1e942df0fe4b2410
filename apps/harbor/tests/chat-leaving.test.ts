import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Instance } from './support/instance.ts'
import { type Pair, startPair } from './support/pair.ts'
import { people } from './support/people.ts'
import { dialPlain, inbox } from './support/talk.ts'

let pair: Pair
let harbor: Instance
let other: Instance

beforeEach(async () => {
  pair = await startPair()
  ;({ harbor, other } = pair)
})

afterEach(async () => {
  await pair?.close()
})

it('reaches connections on another instance while Redis is away, as joining does', async () => {
  const they = people(harbor)
  const [ann, bob, eve] = await Promise.all(['ann', 'bob', 'eve'].map(async (name) => (await they.register(name)).body))
  if (!ann || !bob || !eve) throw new Error('nobody is there')
  const { room } = (await they.post<{ room: { id: string } }>('/api/rooms', { name: 'r' }, undefined, ann.token)).body
  const move = (user: { token: string }, how: 'join' | 'leave') =>
    they.post(`/api/rooms/${room.id}/${how}`, {}, undefined, user.token)
  const say = (content: string) => they.post('/api/messages', { room_id: room.id, content }, undefined, ann.token)
  await move(bob, 'join')
  const [anns, bobs, eves] = await Promise.all([ann, bob, eve].map(({ token }) => dialPlain(other.url, token)))
  if (!anns || !bobs || !eves) throw new Error('nobody is connected')
  const [heardByAnn, heardByBob, heardByEve] = [inbox(anns), inbox(bobs), inbox(eves)]
  for (const talker of [anns, bobs]) await talker.ask('room:join', { room_id: room.id })
  await say('to both')
  await heardByBob.count(1)

  await pair.redis.kill()
  await move(bob, 'leave')
  await move(eve, 'join')
  expect((await eves.ask('room:join', { room_id: room.id })).ok).toBe(true)
  // What was sent to Bob before has come when he is answered.
  const bobIsUpToDate = () => bobs.ask('room:join', { room_id: randomUUID() })
  // Ann hears of each; Bob, until it is known that he left.
  let said = 1
  for (const deadline = Date.now() + 20_000; ; ) {
    said += 1
    const before = heardByBob.messages.length
    await say('without Bob')
    await heardByAnn.count(said)
    await bobIsUpToDate()
    if (heardByBob.messages.length === before) break
    if (Date.now() > deadline) throw new Error('Bob hears on')
  }
  await say('the end')
  await heardByAnn.count(said + 1)
  await heardByEve.count(said)
  await bobIsUpToDate()
  expect(heardByBob.messages.map(({ content }) => content)).not.toContain('the end')
  for (const talker of [anns, bobs, eves]) talker.close()
})
