import type { Agent, ClientRequest, IncomingMessage } from 'node:http'
import type { AgentOptions } from 'node:https'

/** What a scrape may cost, in octets and milliseconds. */
export const LONGEST_PAGE = 16 << 20
const PATIENCE = 4000

const accepted = {
  accept: 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.8,*/*;q=0.1',
  'accept-encoding': 'identity',
}

/** An answer that is no page of metrics. */
export class NoPage extends Error {
  readonly hint: string

  constructor(message: string, hint: string) {
    super(message)
    this.hint = hint
  }
}

/** Asks one endpoint again and again, over one connection as long as that stays open. */
export class PageFetcher {
  readonly #agent: Agent
  readonly #begin: (listener: (answer: IncomingMessage) => void) => ClientRequest

  /** @param tls of https only */
  static async open(url: URL, headers: Readonly<Record<string, string>>, tls: AgentOptions = {}): Promise<PageFetcher> {
    const isSecure = url.protocol === 'https:'
    const { Agent, request } = isSecure ? await import('node:https') : await import('node:http')
    const agent = new Agent({ ...(isSecure ? tls : {}), keepAlive: true, maxSockets: 1 })
    return new PageFetcher(agent, (listener) => request(url, { agent, headers: { ...accepted, ...headers } }, listener))
  }

  private constructor(agent: Agent, begin: (listener: (answer: IncomingMessage) => void) => ClientRequest) {
    this.#agent = agent
    this.#begin = begin
  }

  /** @throws {NoPage} or what happened to the connection */
  async get(): Promise<string> {
    let impatience: NodeJS.Timeout | undefined
    try {
      return await new Promise((resolve, reject) => {
        const end = (error: Error) => {
          reject(error)
          request.destroy()
        }
        const request = this.#begin((answer) => {
          readPage(answer).then(resolve, end)
        })
        impatience = setTimeout(() => end(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })), PATIENCE)
        request.on('error', reject)
        request.end()
      })
    } finally {
      clearTimeout(impatience)
    }
  }

  close(): void {
    this.#agent.destroy()
  }
}

async function readPage(answer: IncomingMessage): Promise<string> {
  const { statusCode = 0, headers } = answer
  if (statusCode === 401 || statusCode === 403) {
    throw new NoPage(`it answers ${statusCode}`, 'Give `probes.prometheus.headers` what it wants.')
  }
  if (statusCode !== 200) throw new NoPage(`it answers ${statusCode}`, 'Check `probes.prometheus.url`.')
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') {
    throw new NoPage('its answer is compressed, though that was not asked for', 'Switch that off for it.')
  }
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > LONGEST_PAGE) {
      throw new NoPage(`its answer is longer than ${LONGEST_PAGE} octets`, 'Let it tell less.')
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
