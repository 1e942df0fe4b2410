import { join } from 'node:path'
import { Server } from 'socket.io'
import { expect, it } from 'vitest'
import { frame } from '../../packages/plimsoll/src/protocols/websocket/frame-fixture.ts'
import { httpServer } from '../http/harness.ts'
import { folderWith, readJson, run, runFolder } from '../support/plimsoll.ts'
import { acceptance, bareServer } from '../websocket/harness.ts'

const hello = '{"type":"hello"}'

/** Say hello in the same write as their handshake's answer: over plain WebSocket, and over the others. */
async function eagerServers() {
  const plain = await bareServer((socket, head) => {
    socket.write(Buffer.concat([Buffer.from(acceptance(head)), frame(0x81, hello)]))
  })
  const { url, server } = await httpServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(`event: hello\ndata: ${hello}\n\n`)
  })
  const io = new Server({ transports: ['websocket', 'polling'] })
  io.on('connection', (socket) => socket.emit('hello', { type: 'hello' }))
  io.attach(server)
  return { ws: plain.url, url }
}

const takes = {
  'a WebSocket’s listener': `const socket = await user.ws(plain)
    const type = await new Promise((resolve) => socket.on('message', (message) => resolve(message.type)))`,
  'whoever waits for it at a WebSocket': `const socket = await user.ws(plain)
    const { type } = await socket.waitFor(() => true)`,
  'who iterates over a WebSocket': `const socket = await user.ws(plain)
    let type
    for await (const message of socket) { type = message.type; break }`,
  'a Socket.IO listener, by polling': `const socket = await user.io('/', { transports: ['polling'] })
    const type = await new Promise((resolve) => socket.on('hello', (message) => resolve(message.type)))`,
  'a Socket.IO listener': `const socket = await user.io('/', { transports: ['websocket'] })
    const type = await new Promise((resolve) => socket.on('hello', (message) => resolve(message.type)))`,
  'who waits for an event of a stream': `const socket = await user.sse('/events')
    const { type } = await socket.waitFor(() => true)`,
}

it.each(Object.entries(takes))('what came with the answer to the handshake was lost: %s gets it', async (_, take) => {
  const { ws, url } = await eagerServers()
  const plan = `
import { journey, plan, users } from 'plimsoll'
const plain = '${ws}'
export default plan({
  name: 'Early',
  system: { url: '${url}' },
  journeys: [journey('hear', { timeout: '10s' }, async (user) => {
    ${take}
    user.check(type, { 'is greeted': (said) => said === 'hello' })
    socket.close()
  })],
  profiles: { smoke: { load: users(1).iterations(1) } },
})`
  const folder = folderWith(plan)
  await run(folder, 'run', 'a.plan.ts')
  const { errors, faults, checks } = readJson(join(runFolder(folder), 'result.json'))
  expect({ errors, faults }).toEqual({ errors: [], faults: [] })
  expect(checks).toMatchObject([{ name: 'is greeted', passed: 1, failed: 0 }])
})
