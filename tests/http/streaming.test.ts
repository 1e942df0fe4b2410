import { createHash } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { millis } from '../../packages/plimsoll/src/base/units.ts'
import { createClient, failureOf, httpServer } from './harness.ts'

const MEGABYTE = 1024 * 1024
const SIZE = 200 * MEGABYTE
/** Sockets, streams and garbage not yet collected take some; holding the body would take all 200. */
const ALLOWED_GROWTH = 120 * MEGABYTE

const piece = Buffer.alloc(MEGABYTE, 'plimsoll')

/** 200 MB, sent as fast as they are taken. */
async function source(withLength: boolean) {
  const { url } = await httpServer((_request, answer) => {
    if (withLength) answer.setHeader('content-length', SIZE)
    let left = SIZE
    const more = () => {
      while (left > 0) {
        left -= piece.length
        if (!answer.write(piece)) return void answer.once('drain', more)
      }
      answer.end()
    }
    more()
  })
  return url
}

/** The most that this process has grown by, looked at after each piece. */
function growth() {
  const before = process.memoryUsage().rss
  let most = 0
  return {
    look: () => {
      most = Math.max(most, process.memoryUsage().rss - before)
    },
    get most() {
      return most
    },
  }
}

describe('200 MB', () => {
  it.each([true, false])('come in without being held (length announced: %s)', async (withLength) => {
    const { get } = createClient(await source(withLength))
    const memory = growth()
    let received = 0
    const answer = await get('/', {
      receive: (bytes) => {
        received += bytes.length
        memory.look()
      },
    })
    expect(received).toBe(SIZE)
    expect(answer.bodyLength).toBe(SIZE)
    expect(answer.body).toHaveLength(0)
    expect(memory.most).toBeLessThan(ALLOWED_GROWTH)
  })

  it('are counted and thrown away', async () => {
    const { get, exchanges } = createClient(await source(true))
    const memory = growth()
    const answer = await get('/', { receive: 'discard' })
    memory.look()
    expect(answer.bodyLength).toBe(SIZE)
    expect(exchanges[0]?.bytesReceived).toBeGreaterThan(SIZE)
    expect(memory.most).toBeLessThan(ALLOWED_GROWTH)
  })

  it('go out as fast as the server takes them', async () => {
    const { url } = await httpServer((request, answer) => {
      const hash = createHash('md5')
      let received = 0
      request.on('data', (data: Buffer) => {
        received += data.length
        hash.update(data)
      })
      request.on('end', () => answer.end(JSON.stringify({ received, hash: hash.digest('hex') })))
    })
    const memory = growth()
    const expected = createHash('md5')
    async function* body() {
      for (let sent = 0; sent < SIZE; sent += piece.length) {
        expected.update(piece)
        memory.look()
        yield piece
      }
    }
    const { post, exchanges } = createClient(url)
    const answer = await post('/', { body: body() })
    expect(answer.json()).toEqual({ received: SIZE, hash: expected.digest('hex') })
    expect(exchanges[0]?.bytesSent).toBeGreaterThan(SIZE)
    expect(memory.most).toBeLessThan(ALLOWED_GROWTH)
  })
})

describe('a slow receiver', () => {
  it('holds the server back, and gets every octet in order', async () => {
    let written = 0
    const total = 64 * MEGABYTE
    const { url } = await httpServer((_request, answer) => {
      const more = () => {
        while (written < total) {
          written += piece.length
          if (!answer.write(piece)) return void answer.once('drain', more)
        }
        answer.end()
      }
      more()
    })
    const { get } = createClient(url)
    const hash = createHash('md5')
    let first = true
    let writtenMeanwhile = 0
    await get('/', {
      receive: async (bytes) => {
        hash.update(bytes)
        if (!first) return
        first = false
        await delay(200)
        writtenMeanwhile = written
      },
    })
    expect(writtenMeanwhile).toBeLessThan(total / 2)
    const expected = createHash('md5')
    for (let i = 0; i < total; i += piece.length) expected.update(piece)
    expect(hash.digest('hex')).toBe(expected.digest('hex'))
  })

  it('that throws ends the exchange with its own error', async () => {
    const { url } = await httpServer((_request, answer) => answer.end(piece))
    const { get, exchanges, shared } = createClient(url)
    const broken = new Error('not like this')
    const request = get('/', {
      receive: () => {
        throw broken
      },
    })
    await expect(request).rejects.toBe(broken)
    expect(exchanges[0]?.error?.code).toBe('ABORTED')
    expect(shared.openConnections).toBe(0)
  })

  it('that never comes back is cut off by the time limit', async () => {
    const { url } = await httpServer((_request, answer) => answer.end(piece))
    const { client } = createClient(url)
    const request = client.request('GET', '/', { receive: () => new Promise(() => {}) }, '', millis(100))
    expect(await failureOf(request)).toBe('TIMEOUT_TOTAL')
  })

  it('may receive the answer of a redirect, not the redirect', async () => {
    const { url } = await httpServer((request, answer) => {
      if (request.url === '/from') answer.writeHead(302, { location: '/to' }).end('moved')
      else answer.end('arrived')
    })
    let text = ''
    await createClient(url).get('/from', { receive: (bytes) => void (text += Buffer.from(bytes).toString()) })
    expect(text).toBe('arrived')
  })
})
