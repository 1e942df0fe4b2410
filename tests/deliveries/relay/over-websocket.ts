import type { Server as HttpServer } from 'node:http'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Relay } from './relay.ts'
import { letIn, Visit } from './visit.ts'

/** The relay over plain WebSocket: texts of JSON with a `type`; a request's `re` comes back in its answer. */
export function serveWebSocket(http: HttpServer, relay: Relay): void {
  const server = new WebSocketServer({ noServer: true })
  http.on('upgrade', (request, socket, head) => {
    const url = new URL(request.url ?? '/', 'http://relay')
    if (url.pathname !== '/ws') return
    const member = Number(url.searchParams.get('member'))
    const entering = letIn(relay, member)
    const upgrade = (leave?: () => void) =>
      server.handleUpgrade(request, socket, head, (connection) => talk(relay, member, connection, leave))
    if (entering === undefined) upgrade()
    else {
      void entering.then((leave) => {
        if (socket.destroyed) leave()
        else upgrade(leave)
      })
    }
  })
}

function talk(relay: Relay, member: number, connection: WebSocket, leave: (() => void) | undefined): void {
  const link = {
    push: (type: string, payload: unknown) => connection.send(JSON.stringify({ type, ...(payload as object) })),
  }
  const visit = new Visit(relay, member, link, leave)
  connection.on('message', (data) => {
    const { type, re, ...payload } = JSON.parse(String(data))
    visit.ask(type, payload, (answer) => link.push('answer', { re, ...answer }))
  })
  connection.on('close', () => visit.ended())
}
