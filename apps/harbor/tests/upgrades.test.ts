import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { HttpError } from '../src/http/http-error.ts'
import { routeUpgrades } from '../src/http/upgrades.ts'
import type { Part } from '../src/part.ts'

let server: Server
let cutOff: () => void
let verdict: () => Promise<void>

const part: Part = {
  name: 'echo',
  routes: async () => undefined,
  upgrades: {
    '/echo': (_request, socket) => {
      socket.on('error', () => undefined)
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n')
      socket.pipe(socket)
    },
  },
  close: async () => undefined,
}

beforeEach(async () => {
  verdict = async () => undefined
  server = createServer().listen(0, '127.0.0.1')
  cutOff = routeUpgrades(server, [part], () => verdict())
  await once(server, 'listening')
})

afterEach(() => {
  cutOff()
  server.close()
})

function shake(path: string) {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n`)
  return socket
}

it('gives a connection to the part that takes its path, whatever the query', async () => {
  const socket = shake('/echo?token=x')
  const [answer] = await once(socket, 'data')
  expect(String(answer)).toMatch(/^HTTP\/1\.1 101 /)
  socket.end('bye')
  const [echoed] = await once(socket, 'data')
  expect(String(echoed)).toBe('bye')
})

it('refuses a path that nobody takes, and whoever may not, in the envelope of all errors', async () => {
  expect(await text(shake('/nope'))).toMatch(/^HTTP\/1\.1 404 Not Found\r\n.*"code":"not_found"/s)
  verdict = () => Promise.reject(new HttpError(429, 'Too many requests.', { headers: { 'retry-after': '7' } }))
  const answer = await text(shake('/echo'))
  expect(answer).toMatch(/^HTTP\/1\.1 429 Too Many Requests\r\n/)
  expect(answer).toMatch(/\r\nretry-after: 7\r\n/)
  expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)).error.code).toBe('too_many_requests')
})

it('cuts off connections that stay', async () => {
  const socket = shake('/echo')
  await once(socket, 'data')
  cutOff()
  await once(socket, 'close')
})
