// The same fan-out as harbor's over Socket.IO, and nothing else: nobody signs in, nothing is stored or checked.
import { createServer } from 'node:http'
import { Server } from 'socket.io'

const http = createServer()
const io = new Server(http, { transports: ['websocket'] })
const last = new Map()

io.on('connection', (socket) => {
  socket.on('room:join', async ({ room_id }, answer) => {
    await socket.join(room_id)
    answer({ ok: true, seq: last.get(room_id) ?? 0, missed: [], more: false })
  })
  socket.on('message:send', ({ room_id, client_id, content }, answer) => {
    const seq = (last.get(room_id) ?? 0) + 1
    last.set(room_id, seq)
    const message = { id: `${room_id}-${seq}`, room_id, seq, client_id, content, created_at: new Date().toISOString() }
    io.to(room_id).emit('message', message)
    answer({ ok: true, message })
  })
})

http.listen(Number(process.argv[2]), '127.0.0.1')
