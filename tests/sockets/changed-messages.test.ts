import { join } from 'node:path'
import { expect, it } from 'vitest'
import { folderWith, readJson, run, runFolder } from '../support/plimsoll.ts'
import { startChatServer } from './chat-server.ts'

it('a plan changed a message that others had got too, and they found it changed', async () => {
  const server = await startChatServer()
  // Every other user spoils what it gets, after a look at it; what the rest gets is read for the account alone.
  const plan = `
import { journey, plan, users } from 'plimsoll'
export default plan({
  name: 'Spoiler',
  system: { url: '${server.url}' },
  begin: async (user) => {
    const socket = await user.ws('/ws')
    if (user.index % 2 === 0) socket.on('message', (message) => {
      if (message.type !== 'said') return
      user.check(message, { 'is as it was sent': ({ room, id }) => room === 'lobby' && id.startsWith('m') })
      message.room = 'elsewhere'
      message.id = 'spoilt'
    })
    await socket.request({ type: 'join', room: 'lobby', re: 0 }, (m) => m.re === 0)
    user.state.socket = socket
  },
  journeys: [journey('talk', { think: '100ms..300ms' }, async (user) => {
    await user.state.socket.send({ type: 'say', room: 'lobby', id: user.unique('m'), text: 'hello', re: 1 })
  })],
  deliveries: { said: {
    join: { event: 'join', room: 'room' }, publish: { event: 'say', room: 'room', key: 'id' },
    receive: { event: 'said', room: 'room', key: 'id' }, grace: '1s',
  } },
  profiles: { smoke: { load: users.ramp('200ms', 20).hold('2s') } },
})`
  const folder = folderWith(plan)
  try {
    const { stderr } = await run(folder, 'run', 'a.plan.ts')
    const result = readJson(join(runFolder(folder), 'result.json'))
    expect(result.deliveries?.[0], stderr).toMatchObject({ lost: 0, duplicated: 0, foreign: 0, unexpected: 0 })
    expect(result.deliveries[0].received).toBe(result.deliveries[0].expected)
    expect(result.deliveries[0].received).toBeGreaterThan(500)
    const [check] = result.checks
    expect(check).toMatchObject({ name: 'is as it was sent', failed: 0 })
    expect(check.passed).toBeGreaterThan(250)
  } finally {
    await server.close()
  }
})
