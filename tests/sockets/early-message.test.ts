import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { Server } from 'socket.io'
import { expect, it, onTestFinished } from 'vitest'
import { folderWith, readJson, run, runFolder } from '../support/plimsoll.ts'

const hello = '{"type":"hello"}'

/** Says hello in the same write as its handshake's answer. */
async function eagerServer() {
  const upgraded: Duplex[] = []
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(`event: hello\ndata: ${hello}\n\n`)
  })
  const io = new Server({ transports: ['websocket', 'polling'] })
  io.on('connection', (socket) => socket.emit('hello', { type: 'hello' }))
  io.attach(server)
  server.prependListener('upgrade', (request, socket) => {
    if (request.url !== '/ws') return
    const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`
    const head = [
      'HTTP/1.1 101 Switching Protocols',
      'Upgrade: websocket',
      'Connection: Upgrade',
      `Sec-WebSocket-Accept: ${createHash('sha1').update(key).digest('base64')}`,
    ]
    const frame = Buffer.concat([Buffer.from([0x81, hello.length]), Buffer.from(hello)])
    socket.write(Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), frame]))
    upgraded.push(socket.on('error', () => undefined))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    for (const socket of upgraded) socket.destroy()
    server.closeAllConnections()
    await io.close()
  })
  return (server.address() as AddressInfo).port
}

const takes = {
  'a WebSocket’s listener': `const socket = await user.ws('/ws')
    const type = await new Promise((resolve) => socket.on('message', (message) => resolve(message.type)))`,
  'whoever waits for it at a WebSocket': `const socket = await user.ws('/ws')
    const { type } = await socket.waitFor(() => true)`,
  'who iterates over a WebSocket': `const socket = await user.ws('/ws')
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
  const plan = `
import { journey, plan, users } from 'plimsoll'
export default plan({
  name: 'Early',
  system: { url: 'http://127.0.0.1:${await eagerServer()}' },
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
