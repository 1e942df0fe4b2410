/**
 * A chat with shared documents over Socket.IO, all in memory, for the example plans.
 *
 *     PORT=3000 node plans/examples/chat-server.mjs
 *
 * Every event is acknowledged with `{ ok, … }`. A room counts what is sent to it, and says the count (`seq`) with every
 * message and at joining and leaving, so that who should have got what is known exactly.
 */
import { createServer } from 'node:http'
import { Server } from 'socket.io'

const http = createServer((_, answer) => answer.setHeader('content-type', 'application/json').end('{"status":"ok"}'))
const io = new Server(http, { connectionStateRecovery: {} })
/** @type {Map<string, { seq: number, version: number, text: string }>} */
const rooms = new Map()

function roomOf(id) {
  let room = rooms.get(id)
  if (room === undefined) {
    room = { seq: 0, version: 0, text: '' }
    rooms.set(id, room)
  }
  return room
}

const handlers = {
  'room:join'(socket, { room_id }) {
    const { seq } = roomOf(room_id)
    socket.join(room_id)
    return { ok: true, seq }
  },
  'room:leave'(socket, { room_id }) {
    socket.leave(room_id)
    return { ok: true, seq: roomOf(room_id).seq }
  },
  'message:send'(socket, { room_id, client_id, content }) {
    if (!socket.rooms.has(room_id)) return { ok: false, error: 'not a member' }
    const room = roomOf(room_id)
    room.seq++
    io.to(room_id).emit('message', { room_id, client_id, content, sender: socket.id, seq: room.seq })
    return { ok: true, seq: room.seq }
  },
  'user:status'(socket, { status }) {
    for (const room of socket.rooms) socket.to(room).emit('user:status', { user: socket.id, status })
    return { ok: true }
  },
  'text:send'(socket, { room_id, client_id, position, text }) {
    if (!socket.rooms.has(room_id)) return { ok: false, error: 'not a member' }
    const room = roomOf(room_id)
    const at = Math.min(position, room.text.length)
    // A document of a load test is of no use to anyone once it is long.
    room.text = `${room.text.slice(0, at)}${text}${room.text.slice(at)}`.slice(0, 20_000)
    room.version++
    socket.to(room_id).emit('text', { room_id, client_id, position: at, text, version: room.version })
    return { ok: true, version: room.version }
  },
  'cursor:update'(socket, { room_id, position }) {
    socket.to(room_id).emit('cursor', { room_id, user: socket.id, position })
    return { ok: true }
  },
  'document:sync'(_, { room_id }) {
    const { version, text } = roomOf(room_id)
    return { ok: true, version, text }
  },
}

io.on('connection', (socket) => {
  for (const [event, handle] of Object.entries(handlers)) {
    socket.on(event, (payload, acknowledge) => {
      const answer =
        typeof payload === 'object' && payload !== null ? handle(socket, payload) : { ok: false, error: 'no payload' }
      if (typeof acknowledge === 'function') acknowledge(answer)
    })
  }
})

http.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`listening ${http.address().port}`)
})
