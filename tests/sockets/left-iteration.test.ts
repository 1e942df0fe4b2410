import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { WebSocketServer } from 'ws'
import { folderWith, readJson, run, runFolder } from '../support/plimsoll.ts'

const padding = 'x'.repeat(1000)

it('a socket that a plan had stopped reading was paused for good after another thousand messages', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  server.on('connection', (socket) => {
    socket.send('{"type":"welcome"}')
    socket.on('message', () => {
      for (let i = 0; i < 3000; i++) socket.send(JSON.stringify({ type: 'news', padding }))
      socket.send('{"type":"end"}')
    })
  })
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const plan = `
import { journey, plan, users } from 'plimsoll'
export default plan({
  name: 'Left',
  system: { url: 'http://127.0.0.1:${port}' },
  journeys: [journey('read', async (user) => {
    const socket = await user.ws('/')
    for await (const { type } of socket) if (type === 'welcome') break
    await socket.request({ type: 'more' }, ({ type }) => type === 'end', { timeout: '20s' })
    const later = socket.request({ type: 'more' }, ({ type }) => type === 'end', { timeout: '20s' })
    let news = 0
    for await (const { type } of socket) {
      if (type === 'end') break
      news++
    }
    await later
    user.check(news, { 'all of them, read anew': (count) => count === 3000 })
    socket.close()
  })],
  profiles: { smoke: { load: users(1).iterations(1) } },
})`
  const folder = folderWith(plan)
  await run(folder, 'run', 'a.plan.ts', '--no-start')
  server.close()
  const { errors, checks } = readJson(join(runFolder(folder), 'result.json'))
  expect(errors).toEqual([])
  expect(checks).toMatchObject([{ name: 'all of them, read anew', passed: 1, failed: 0 }])
})
