// The official client: socketio-receiver.mjs URL MEMBERS PUBLISHERS
import { io } from 'socket.io-client'

const [, , url, members, publishers] = process.argv
const filler = 'x'.repeat(32)
let received = 0

for (let member = 0; member < Number(members); member++) {
  const socket = io(url, { transports: ['websocket'], forceNew: true })
  let sent = 0
  const publish = () => {
    const key = `m-receiver-${member}-${`${sent++}`.padStart(9, '0')}`
    socket.emit('message:send', { room: 'lobby', key, text: filler }, publish)
  }
  socket.on('message', () => received++)
  socket.on('connect', () => {
    socket.emit('room:join', { room: 'lobby' }, () => {
      if (member < Number(publishers)) publish()
    })
  })
}

process.on('exit', () => console.log(received))
