/**
 * A chat of one room, as Socket.IO's own tutorial has it, with every setting at its default. RECOVERY=1 turns
 * connection-state recovery on, and nothing else.
 *
 *     PORT=3000 RECOVERY=1 node plans/examples/socketio-server.mjs
 */
import { createServer } from 'node:http'
import { Server } from 'socket.io'

const recovery = process.env.RECOVERY === '1'
const http = createServer((_, answer) => answer.end('ok'))
const io = new Server(http, recovery ? { connectionStateRecovery: {} } : {})

io.on('connection', (socket) => {
  // A restored socket is in its rooms already; joining again changes nothing.
  socket.join('lobby')
  socket.on('message:send', (message, acknowledge) => {
    io.to('lobby').emit('message', message)
    acknowledge?.({ ok: true })
  })
})

http.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`listening ${http.address().port}`)
})
