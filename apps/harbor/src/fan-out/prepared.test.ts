import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { Prepared } from './prepared.ts'

it('makes frames that a WebSocket reads, of every length', async () => {
  const payloads = [0, 1, 60, 125, 126, 65_400, 65_536, 100_000].map((length) => ({ text: 'ü'.repeat(length) }))
  const prepared = new Prepared(payloads.map((payload) => ({ event: 'message', json: JSON.stringify(payload) })))
  const server = createServer().listen(0, '127.0.0.1')
  server.on('upgrade', ({ headers }, socket) => {
    const accept = createHash('sha1').update(`${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept.digest('base64')}\r\n\r\n`,
    )
    socket.write(prepared.frames)
  })
  await once(server, 'listening')
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const got: unknown[] = []
  client.on('message', (data) => got.push(JSON.parse(String(data))))
  while (got.length < payloads.length) await once(client, 'message')
  expect(got).toEqual(payloads.map((payload) => ({ type: 'message', ...payload })))
  client.terminate()
  server.close()
})

it('has a form for each transport', () => {
  const one = new Prepared([{ event: 'message', json: '{"seq":1}' }])
  expect(one.packets).toEqual(['2["message",{"seq":1}]'])
  expect(one.packetFrames.subarray(2).toString()).toBe('42["message",{"seq":1}]')
  const several = new Prepared([{ event: 'messages', json: '[{"seq":1}]' }])
  expect(several.frames.subarray(2).toString()).toBe('{"type":"messages","messages":[{"seq":1}]}')
  expect(new Prepared([{ event: 'x', json: '{}' }]).frames.subarray(2).toString()).toBe('{"type":"x"}')
})
