import type { Server as HttpServer } from 'node:http'
import { Server } from 'socket.io'
import type { Relay } from './relay.ts'
import { letIn, Visit } from './visit.ts'

const asked = ['join', 'leave', 'permit', 'publish', 'resume']

/** The relay over Socket.IO: members tell who they are in `auth`. */
export function serveSocketIo(http: HttpServer, relay: Relay): void {
  const io = new Server(http, { pingTimeout: 120_000, connectTimeout: 120_000, destroyUpgrade: false })
  io.use((socket, next) => {
    const entering = letIn(relay, socket.handshake.auth['member'])
    if (entering === undefined) {
      next()
      return
    }
    void entering.then((leave) => {
      socket.data.leave = leave
      if (socket.conn.readyState !== 'open') leave()
      next()
    })
  })
  io.on('connection', (socket) => {
    const link = { push: (event: string, payload: unknown) => void socket.emit(event, payload) }
    const visit = new Visit(relay, socket.handshake.auth['member'], link, socket.data.leave)
    for (const what of asked) {
      socket.on(what, (payload, answer) => visit.ask(what, payload, answer))
    }
    socket.on('disconnect', () => visit.ended())
  })
}
