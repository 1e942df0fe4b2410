import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { watchLiveness } from './liveness.ts'

let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

async function serve(answer: RequestListener) {
  server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

it('ends who takes requests and answers none, after three of them', async () => {
  let asked = 0
  const url = await serve(() => {
    asked += 1
  })
  await new Promise<void>((resolve) => {
    const stop = watchLiveness(
      url,
      () => {
        stop()
        resolve()
      },
      { every: 5, timeout: 300 },
    )
  })
  expect(asked).toBeLessThanOrEqual(3)
})

it('counts anew after each answer, and a refusal is none', async () => {
  let asked = 0
  let ended = 0
  const url = await serve((_, response) => {
    asked += 1
    // Two of three stay silent.
    if (asked % 3 === 0) response.end()
  })
  const enough = new Promise<void>((resolve) => {
    server?.on('request', () => {
      if (asked === 9) resolve()
    })
  })
  const patience = { every: 5, timeout: 300 }
  const stops = [url, 'http://127.0.0.1:1'].map((each) =>
    watchLiveness(
      each,
      () => {
        ended += 1
      },
      patience,
    ),
  )
  await enough
  for (const stop of stops) stop()
  expect(ended).toBe(0)
})
