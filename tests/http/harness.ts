import { once } from 'node:events'
import { createServer as createHttpServer, type Server as HttpServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import { type Millis, millis } from '../../packages/plimsoll/src/base/units.ts'
import { ClientShared, HttpClient } from '../../packages/plimsoll/src/protocols/http/client.ts'
import { type Exchange, TransportError } from '../../packages/plimsoll/src/protocols/http/exchange.ts'
import type { Answer, ClientSettings, RequestInput } from '../../packages/plimsoll/src/protocols/http/types.ts'

export const timeouts = (parts: { connect?: number; firstByte?: number; total?: number } = {}) => ({
  connect: millis(parts.connect ?? 10_000),
  firstByte: millis(parts.firstByte ?? 20_000),
  total: millis(parts.total ?? 30_000),
})

const noTls: ClientSettings['tls'] = {
  ca: undefined,
  cert: undefined,
  key: undefined,
  passphrase: undefined,
  servername: undefined,
  rejectUnauthorized: true,
}

interface ClientOptions extends Partial<Omit<ClientSettings, 'tls'>> {
  tls?: Partial<ClientSettings['tls']>
  localAddress?: string
  allowHost?: (hostname: string) => boolean
}

/** A client that remembers every exchange it was told of, and is closed when the test ends. */
export function createClient(baseUrl: string, options: ClientOptions = {}) {
  const { tls, localAddress, allowHost = () => true, ...settings } = options
  const shared = new ClientShared({ allowHost })
  const exchanges: Exchange[] = []
  const client = new HttpClient<string>(
    {
      version: 1,
      timeout: timeouts(),
      headers: {},
      redirects: 10,
      connections: 6,
      keepAlive: true,
      decompress: true,
      maxBody: 16 * 1024 * 1024,
      maxHeaders: 64 * 1024,
      cookies: true,
      socketPath: undefined,
      ...settings,
      tls: { ...noTls, ...tls },
    },
    { baseUrl, localAddress },
    shared,
    { finished: (exchange, _answer, _token) => exchanges.push({ ...exchange }) },
  )
  onTestFinished(() => {
    client.close()
    shared.close()
  })
  return {
    client,
    shared,
    exchanges,
    get: (url: string, input?: RequestInput, timeout?: Millis) => client.request('GET', url, input, 'token', timeout),
    post: (url: string, input?: RequestInput) => client.request('POST', url, input, 'token'),
  }
}

/** The code that a request failed with. */
export async function failureOf(request: Promise<Answer>): Promise<string> {
  try {
    return `answered ${(await request).status}`
  } catch (error) {
    if (error instanceof TransportError) return error.code
    throw error
  }
}

/** Listens on a free port of 127.0.0.1 until the test ends; its connections end with it. */
export async function listen(server: Server, host = '127.0.0.1'): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
  })
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
    await once(server, 'close')
  })
  server.listen(0, host)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

export async function httpServer(answer: RequestListener): Promise<{ url: string; server: HttpServer }> {
  const server = createHttpServer(answer)
  return { url: `http://127.0.0.1:${await listen(server)}`, server }
}

/** A server of bare sockets: `answer` gets each whole request head that comes in, and writes what it likes. */
export async function rawServer(
  answer: (socket: Socket, head: string, connection: number, request: number) => void,
): Promise<string> {
  let connections = 0
  const server = createTcpServer((socket) => {
    const connection = connections++
    let requests = 0
    let text = ''
    socket.on('data', (data) => {
      text += data.toString('latin1')
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        const head = text.slice(0, end + 4)
        text = text.slice(end + 4)
        answer(socket, head, connection, requests++)
      }
    })
  })
  return `http://127.0.0.1:${await listen(server)}`
}

export const response = (body: string, fields = '') =>
  `HTTP/1.1 200 OK\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${fields}\r\n${body}`
