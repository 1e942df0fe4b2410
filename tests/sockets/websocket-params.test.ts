import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { WebSocketServer } from 'ws'
import { folderWith, run } from '../support/plimsoll.ts'

it('the params of a WebSocket were left out of its URL', async () => {
  const asked: (string | undefined)[] = []
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  server.on('connection', (_, { url }) => asked.push(url))
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const plan = `
import { journey, plan, users } from 'plimsoll'
export default plan({
  name: 'Params',
  system: { url: 'http://127.0.0.1:${port}' },
  journeys: [journey('connect', async (user) => {
    const socket = await user.ws('/chat?room=1', { params: { token: 'a b', user: user.index } })
    socket.close()
  })],
  profiles: { smoke: { load: users(1).iterations(1) } },
})`
  await run(folderWith(plan), 'run', 'a.plan.ts', '--no-start')
  server.close()
  expect(asked.map((url) => [...new URL(url ?? '', 'ws://x').searchParams])).toEqual([
    [
      ['room', '1'],
      ['token', 'a b'],
      ['user', '0'],
    ],
  ])
})
