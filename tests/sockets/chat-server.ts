import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import { type WebSocket, WebSocketServer } from 'ws'

/** What happens to a message on its way to a member. */
export type Mischief = (message: { readonly n: number; readonly member: number }) => 'deliver' | 'lose' | 'double'

export interface ChatServer {
  readonly url: string
  /** Everybody's TCP connections at once. */
  dropAll(): void
  close(): Promise<void>
}

interface Posted {
  readonly room: string
  readonly id: string
  readonly text: string
}

/**
 * A chat with one kind of room over Socket.IO and over plain WebSocket, and a stream of ticks: the same rooms for all.
 * `join` is acknowledged, `say` is acknowledged and goes to every member of the room as `said`.
 */
export async function startChatServer(mischief: Mischief = () => 'deliver'): Promise<ChatServer> {
  const rooms = new Map<string, Map<number, (message: Posted) => void>>()
  let members = 0
  let messages = 0
  const server = createServer((request, response) => {
    if (request.url !== '/ticks') {
      response.writeHead(404).end()
      return
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    let tick = Number(request.headers['last-event-id'] ?? 0)
    const timer = setInterval(() => response.write(`id: ${++tick}\nevent: tick\ndata: ${tick}\n\n`), 20)
    response.on('close', () => clearInterval(timer))
  })

  function post(message: Posted): void {
    const n = messages++
    for (const [member, send] of rooms.get(message.room) ?? []) {
      const fate = mischief({ n, member })
      if (fate === 'lose') continue
      send(message)
      if (fate === 'double') send(message)
    }
  }

  function enter(room: string, send: (message: Posted) => void): () => void {
    const member = members++
    const inside = rooms.get(room) ?? new Map()
    rooms.set(room, inside.set(member, send))
    return () => inside.delete(member)
  }

  const io = new Server(server)
  io.on('connection', (socket) => {
    const leave: (() => void)[] = []
    socket.on('join', ({ room }, answer) => {
      leave.push(enter(room, (message) => socket.emit('said', message)))
      answer({ ok: true })
    })
    socket.on('say', (message: Posted, answer) => {
      answer({ ok: true })
      post(message)
    })
    socket.on('disconnect', () => {
      for (const one of leave) one()
    })
  })

  const plain = new WebSocketServer({ noServer: true })
  server.on('upgrade', (request, socket, head) => {
    if (request.url !== '/ws') return
    plain.handleUpgrade(request, socket, head, (connection) => talk(connection))
  })
  function talk(connection: WebSocket): void {
    const leave: (() => void)[] = []
    connection.on('message', (data) => {
      const message = JSON.parse(String(data))
      if (message.type === 'join') {
        leave.push(enter(message.room, (said) => connection.send(JSON.stringify({ type: 'said', ...said }))))
      }
      connection.send(JSON.stringify({ type: 'ack', re: message.re, ok: true }))
      const { room, id, text } = message
      if (message.type === 'say') post({ room, id, text })
    })
    connection.on('close', () => {
      for (const one of leave) one()
    })
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    dropAll: () => server.closeAllConnections(),
    close: async () => {
      for (const client of plain.clients) client.terminate()
      await io.close()
    },
  }
}
