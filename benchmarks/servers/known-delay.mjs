// What known-delay.c does, for machines without a C compiler. It is late by up to some hundred microseconds, which its
// record shows.
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'

const [mode, log] = process.argv.slice(2)
const ANSWER = Buffer.from(
  'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 27\r\n\r\n{"message":"hello, world"}\n',
)
const END = Buffer.from('\r\n\r\n')
/** setTimeout is up to this much late, in milliseconds. */
const SLACK = 1.6
const records = []
let number = 0
let epoch = 0

let seed = 0x9e3779b9
/** xorshift32: every run draws the same delays. */
function uniform() {
  seed ^= seed << 13
  seed ^= seed >>> 17
  seed ^= seed << 5
  return ((seed >>> 0) + 0.5) / 2 ** 32
}
const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())

function dueOf(arrival) {
  if (number++ === 0) epoch = arrival
  if (mode === 'bimodal') return arrival + (number % 50 === 0 ? 200 : 5)
  if (mode === 'lognormal') return arrival + 10 * Math.exp(0.6 * normal())
  const due = arrival + 5
  const phase = (due - epoch) % 5000
  return mode === 'stall' && phase >= 2000 && phase < 3000 ? due - phase + 3000 : due
}

function answer(socket, arrival, due) {
  const left = due - performance.now()
  if (left > SLACK) setTimeout(answer, left - SLACK, socket, arrival, due)
  else if (left > 0) setImmediate(answer, socket, arrival, due)
  else if (!socket.destroyed) {
    records.push(arrival, due, performance.now())
    socket.write(ANSWER)
  }
}

const server = createServer({ noDelay: true }, (socket) => {
  let rest = Buffer.alloc(0)
  socket.on('data', (piece) => {
    const arrival = performance.now()
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece])
    let from = 0
    for (let end; (end = bytes.indexOf(END, from)) >= 0; from = end + END.length)
      answer(socket, arrival, dueOf(arrival))
    rest = from === bytes.length ? Buffer.alloc(0) : bytes.subarray(from)
  })
  socket.on('error', () => {})
})
server.listen({ host: '127.0.0.1', port: 0, backlog: 65535 }, () => {
  console.log(`listening ${server.address().port}`)
  console.log('priority normal')
})

function end() {
  writeFileSync(log, new BigInt64Array(records.map((ms) => BigInt(Math.round(ms * 1e6)))))
  process.exit(0)
}
process.stdin.resume().on('end', end)
process.on('SIGTERM', end)
