import { once } from 'node:events'
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { listenBeside } from './unix-socket.ts'

it('serves by the file what the server serves, to 127.0.0.1, and takes it away at the end', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'harbor-test-')), 'harbor.sock')
  // As one who was killed left it.
  writeFileSync(path, '')
  const server = createServer(({ socket }, answer) => answer.end(socket.remoteAddress))
  server.on('upgrade', (_request, socket) =>
    socket.end('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'),
  )
  onTestFinished(() => void server.close())
  const end = await listenBeside(server, path)

  const [answer] = await once(request({ socketPath: path }).end(), 'response')
  const [body] = await once(answer, 'data')
  expect(String(body)).toBe('127.0.0.1')
  const [upgraded] = await once(
    request({ socketPath: path, headers: { connection: 'upgrade', upgrade: 'websocket' } }).end(),
    'upgrade',
  )
  expect(upgraded.statusCode).toBe(101)

  await end()
  expect(existsSync(path)).toBe(false)
})
