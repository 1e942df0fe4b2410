import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serveSocketIo } from './over-socketio.ts'
import { serveWebSocket } from './over-websocket.ts'
import { Relay } from './relay.ts'

/** More than all users at once. */
const BACKLOG = 4096

const [seed = 0, members = 0, messages = 0] = process.argv.slice(2).map(Number)
const relay = new Relay({ seed, members, messages })
const http = createServer((request, response) => {
  if (request.url === '/record')
    response.setHeader('content-type', 'application/json').end(JSON.stringify(relay.record()))
  else response.writeHead(404).end()
})
serveSocketIo(http, relay)
serveWebSocket(http, relay)
http.listen(0, '127.0.0.1', BACKLOG, () => {
  process.stdout.write(`${(http.address() as AddressInfo).port}\n`)
})
// It ends with whoever started it.
process.stdin.on('end', () => process.exit()).resume()
