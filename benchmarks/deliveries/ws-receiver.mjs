// The `ws` package, as lean as it goes: ws-receiver.mjs URL MEMBERS PUBLISHERS parsing|counting
import WebSocket from 'ws'

const [, , url, members, publishers, work] = process.argv
const filler = 'x'.repeat(21)
let received = 0

for (let member = 0; member < Number(members); member++) {
  const socket = new WebSocket(url, { perMessageDeflate: false })
  const publishes = member < Number(publishers)
  let sent = 0
  const publish = () => {
    const key = `m-receiver-${member}-${`${sent++}`.padStart(9, '0')}`
    socket.send(JSON.stringify({ type: 'message:send', re: 1, room: 'lobby', key, text: filler }))
  }
  socket.on('open', () => socket.send('{"type":"room:join","re":0,"room":"lobby"}'))
  socket.on('message', (data) => {
    received++
    if (!publishes && work === 'counting') return
    if (JSON.parse(data).type === 'ack' && publishes) publish()
  })
}

process.on('exit', () => console.log(received))
