// What quick.c does, for machines without a C compiler. It is slower than wrk: then the server is the bottleneck.
import { createServer } from 'node:net'

const ANSWER = Buffer.from(
  'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 27\r\n\r\n{"message":"hello, world"}\n',
)
const END = Buffer.from('\r\n\r\n')
let requests = 0
let connections = 0
const now = () => process.hrtime.bigint()

const server = createServer({ noDelay: true }, (socket) => {
  connections++
  let rest = Buffer.alloc(0)
  socket.on('data', (piece) => {
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece])
    let from = 0
    for (let end; (end = bytes.indexOf(END, from)) >= 0; from = end + END.length) {
      if (requests++ === 0) console.log(`first ${now()}`)
      socket.write(ANSWER)
    }
    rest = from === bytes.length ? Buffer.alloc(0) : bytes.subarray(from)
  })
  socket.on('error', () => {})
  socket.on('close', () => connections--)
})
server.listen({ host: '127.0.0.1', port: 0, backlog: 65535 }, () => console.log(`listening ${server.address().port}`))
setInterval(() => {
  const { user, system } = process.cpuUsage()
  console.log(`tick ${now()} ${requests} ${connections} ${user + system}`)
}, 100)
process.stdin.resume().on('end', () => process.exit(0))
