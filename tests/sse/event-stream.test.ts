import type { IncomingMessage, ServerResponse } from 'node:http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { millis } from '../../packages/plimsoll/src/base/units.ts'
import { connectEventStream } from '../../packages/plimsoll/src/protocols/sse/sse.ts'
import type {
  EventStreamListener,
  EventStreamSettings,
  ServerSentEvent,
} from '../../packages/plimsoll/src/protocols/sse/types.ts'
import { createClient, httpServer } from '../http/harness.ts'

class Told implements EventStreamListener {
  readonly lines: string[] = []
  readonly events: ServerSentEvent[] = []
  #waiting: { readonly count: number; readonly resolve: () => void }[] = []

  opened(askedAt: number, openAt: number): void {
    this.#tell(openAt >= askedAt ? 'opened' : 'opened before it was asked for')
  }

  event(event: ServerSentEvent): void {
    this.events.push(event)
    this.#tell(`${event.type} ${event.data}`)
  }

  disconnected(error: { readonly code: string } | undefined, retryIn: number | undefined): void {
    this.#tell(`${error?.code ?? 'ended'}${retryIn === undefined ? '' : ` back in ${retryIn}`}`)
  }

  /** What was told, as soon as it is so much. */
  async first(count: number): Promise<string[]> {
    if (this.lines.length < count) await new Promise<void>((resolve) => this.#waiting.push({ count, resolve }))
    return this.lines.slice(0, count)
  }

  #tell(line: string): void {
    this.lines.push(line)
    for (const { count, resolve } of this.#waiting) if (this.lines.length >= count) resolve()
  }
}

interface Options extends Partial<EventStreamSettings> {
  client?: Parameters<typeof createClient>[1]
}

function connect(url: string, { client: parts, ...settings }: Options = {}) {
  const { client, shared } = createClient(url, parts)
  const told = new Told()
  const defaults = { headers: {}, lastEventId: '', connectTimeout: millis(10_000), reconnect: true }
  const stream = connectEventStream(client.dialer, '/events', { ...defaults, ...settings }, told)
  onTestFinished(() => stream.close())
  return { stream, told, client, shared }
}

/** Answers each request with the next of these; the last one for all that follow. */
async function server(...answers: ((answer: ServerResponse, request: IncomingMessage) => void)[]) {
  const requests: IncomingMessage[] = []
  const { url } = await httpServer((request, answer) => {
    requests.push(request)
    answers[Math.min(requests.length, answers.length) - 1]?.(answer, request)
  })
  return { url, requests }
}

const stream = (answer: ServerResponse) => answer.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })

describe('an event stream', () => {
  it('goes on where it ended, after the time that the server named', async () => {
    const { url, requests } = await server(
      (answer) => stream(answer).end('retry: 10\nid: é1\ndata: a\n\n'),
      (answer) => stream(answer).write('event: b\ndata: c\n\n'),
    )
    const { told, stream: connection } = connect(url, { headers: { 'x-mine': 'yes' } })
    expect(await told.first(5)).toEqual(['opened', 'message a', 'ended back in 10', 'opened', 'b c'])
    expect(told.events[1]).toEqual({ type: 'b', data: 'c', lastEventId: 'é1' })
    expect(requests[0]?.headers).toMatchObject({ accept: 'text/event-stream', 'x-mine': 'yes' })
    expect(requests[0]?.headers['last-event-id']).toBeUndefined()
    expect(Buffer.from(`${requests[1]?.headers['last-event-id']}`, 'latin1').toString()).toBe('é1')
    expect(connection).toMatchObject({ state: 'open', lastEventId: 'é1' })
  })

  it('comes back after a broken connection, and not when it is told to stay away', async () => {
    const { url } = await server(
      (answer) => stream(answer).write('retry: 10\n\n', () => answer.socket?.resetAndDestroy()),
      (answer) => answer.writeHead(204).end(),
    )
    const { told, stream: connection } = connect(url)
    expect(await told.first(3)).toEqual(['opened', expect.stringMatching(/^CONNECTION_\w+ back in 10$/), 'ended'])
    expect(connection.state).toBe('closed')
  })

  it.each([
    ['another type', (answer: ServerResponse) => answer.end('data: a\n\n'), 'MALFORMED_EVENT_STREAM'],
    ['another status', (answer: ServerResponse) => answer.writeHead(503).end(), 'EVENT_STREAM_REFUSED'],
    ['a giant line', (answer: ServerResponse) => void stream(answer).write('x'.repeat(20_000)), 'MESSAGE_TOO_LARGE'],
  ])('with %s is given up', async (_, answer, code) => {
    const { url } = await server(answer)
    const { told, stream: connection, shared } = connect(url, { client: { maxBody: 10_000 } })
    for (let count = 1; !told.lines.includes(code); count++) await told.first(count)
    expect(connection.state).toBe('closed')
    expect(shared.inFlight).toBe(0)
  })

  it('that nobody answers, or nobody may ask for, says so', async () => {
    const silent = await server(() => {})
    expect(await connect(silent.url, { connectTimeout: millis(30), reconnect: false }).told.first(1)).toEqual([
      'TIMEOUT_FIRST_BYTE',
    ])
    expect(await connect(silent.url, { client: { allowHost: () => false } }).told.first(1)).toEqual([
      'HOST_NOT_ALLOWED',
    ])
    expect(await connect('http://127.0.0.1:1').told.first(1)).toEqual(['CONNECT_REFUSED back in 3000'])
  })

  it('that is cut comes back after the time offline, that is closed does not', async () => {
    const { url, requests } = await server((answer, request) => {
      stream(answer).write(`data: ${request.headers['last-event-id']}\nid: 5\n\n`)
    })
    const { told, stream: connection, shared } = connect(url)
    await told.first(2)
    connection.cut(millis(20))
    expect(connection.state).toBe('waiting')
    expect(await told.first(5)).toEqual(['opened', 'message undefined', 'ended back in 20', 'opened', 'message 5'])
    connection.close()
    expect(connection.state).toBe('closed')
    expect(shared.openConnections).toBe(0)
    await new Promise(setImmediate)
    expect(told.lines).toHaveLength(5)
    expect(requests).toHaveLength(2)
  })

  it('shares the user’s cookies and follows redirects', async () => {
    const { url, requests } = await server(
      (answer) => answer.writeHead(307, { location: '/other', 'set-cookie': 'seen=1' }).end(),
      (answer) => stream(answer).write('data: a\n\n'),
    )
    const { told, client } = connect(url)
    expect(await told.first(2)).toEqual(['opened', 'message a'])
    expect(requests[1]).toMatchObject({ url: '/other', headers: { cookie: 'seen=1' } })
    expect(client.cookies?.headerFor(url)).toBe('seen=1')
  })

  it('may be closed by whoever hears of an event', async () => {
    const { url } = await server((answer) => stream(answer).write('data: a\n\ndata: b\n\n'))
    const { told, stream: connection } = connect(url)
    const { event } = told
    told.event = (happened) => {
      event.call(told, happened)
      connection.close()
    }
    expect(await told.first(2)).toEqual(['opened', 'message a'])
    await new Promise(setImmediate)
    expect(told.lines).toHaveLength(2)
  })
})

describe('an event stream that is paused', () => {
  const event = `data: ${'x'.repeat(64 * 1024)}\n\n`
  const most = 500

  /** What the server still could not send, once that no longer changes while others are served many times over. */
  async function settled(url: string, response: () => ServerResponse | undefined): Promise<number> {
    let [before, same] = [-1, 0]
    while (same < 50) {
      await fetch(url).then((answer) => answer.text())
      const now = response()?.writableLength ?? -1
      same = now === before ? same + 1 : 0
      before = now
    }
    return before
  }

  async function flood() {
    let streaming: ServerResponse | undefined
    const { url } = await httpServer((request, answer) => {
      if (request.url !== '/events') {
        answer.end()
        return
      }
      streaming = answer
      answer.writeHead(200, { 'content-type': 'text/event-stream' })
      for (let i = 0; i < most; i++) answer.write(event)
      answer.end()
    })
    return { url, waiting: () => settled(url, () => streaming) }
  }

  it('gathered without limit what its plan did not take', async () => {
    const { url, waiting } = await flood()
    const { stream, told } = connect(url, { reconnect: false })
    await told.first(1)
    stream.pause()
    expect(await waiting()).toBeGreaterThan(0)
    expect(told.events.length).toBeLessThan(most)
    stream.resume()
    await told.first(most + 2)
    expect(told.events).toHaveLength(most)
    expect(told.lines.at(-1)).toBe('ended')
  })

  it('is so on the connection that follows as well, and lets go of the one before', async () => {
    const { url, waiting } = await flood()
    const { stream, told } = connect(url)
    await told.first(1)
    stream.pause()
    await waiting()
    stream.cut(millis(0))
    await told.first(told.lines.length + 1)
    expect(await waiting()).toBeGreaterThan(0)
    stream.close()
  })
})
