import { createServer } from 'node:https'
import { createServer as createTcpServer } from 'node:net'
import type { TLSSocket, TlsOptions } from 'node:tls'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Certificates, createCertificates } from './certificates.ts'
import { createClient, failureOf, listen, timeouts } from './harness.ts'

let certificates: Certificates
beforeAll(() => {
  certificates = createCertificates()
})

async function secureServer(options: TlsOptions = {}) {
  const server = createServer({ ...certificates.server, ...options }, (request, answer) => {
    const socket = request.socket as TLSSocket
    const subject = socket.getPeerCertificate().subject?.CN
    answer.setHeader('connection', request.url === '/leave' ? 'close' : 'keep-alive')
    answer.end(
      JSON.stringify({
        resumed: socket.isSessionReused(),
        subject,
        servername: 'servername' in socket && socket.servername,
      }),
    )
  })
  return listen(server)
}

describe('TLS', () => {
  it('trusts the authority that the plan names, by name and by address', async () => {
    const port = await secureServer()
    for (const host of ['localhost', '127.0.0.1']) {
      const { get, exchanges } = createClient(`https://${host}:${port}`, { tls: { ca: certificates.ca } })
      expect((await get('/')).status).toBe(200)
      const [x] = exchanges
      expect(x?.tlsEnd).toBeGreaterThan(x?.connectEnd ?? Number.POSITIVE_INFINITY)
      expect(x?.sendStart).toBeGreaterThanOrEqual(x?.tlsEnd ?? Number.POSITIVE_INFINITY)
    }
  })

  it('trusts nobody else, unless told to', async () => {
    const port = await secureServer()
    expect(await failureOf(createClient(`https://localhost:${port}`).get('/'))).toBe('TLS_UNTRUSTED')
    const careless = createClient(`https://localhost:${port}`, { tls: { rejectUnauthorized: false } })
    expect((await careless.get('/')).status).toBe(200)
  })

  it('does not take a certificate of another name', async () => {
    const port = await secureServer()
    const { get } = createClient(`https://localhost:${port}`, {
      tls: { ca: certificates.ca, servername: 'other.test' },
    })
    expect(await failureOf(get('/'))).toBe('TLS_UNTRUSTED')
  })

  it('shows the client certificate of the plan', async () => {
    const port = await secureServer({ ca: certificates.ca, requestCert: true })
    const { get } = createClient(`https://localhost:${port}`, { tls: { ca: certificates.ca, ...certificates.client } })
    expect((await get('/')).json()).toMatchObject({ subject: 'client', servername: 'localhost' })
  })

  it('is refused by a server that wants one and gets none', async () => {
    const port = await secureServer({ ca: certificates.ca, requestCert: true, rejectUnauthorized: true })
    const { get } = createClient(`https://localhost:${port}`, { tls: { ca: certificates.ca } })
    expect(await failureOf(get('/'))).toMatch(/TLS_FAILED|CONNECTION_RESET|CONNECTION_CLOSED/)
  })

  it('resumes the session that the same user began, and no other', async () => {
    const port = await secureServer()
    const settings = { tls: { ca: certificates.ca } }
    const one = createClient(`https://localhost:${port}`, settings)
    expect((await one.get('/leave')).json()).toMatchObject({ resumed: false })
    expect((await one.get('/leave')).json()).toMatchObject({ resumed: true })
    const other = createClient(`https://localhost:${port}`, settings)
    expect((await other.get('/leave')).json()).toMatchObject({ resumed: false })
  })

  it('fails by name where nobody speaks it', async () => {
    const port = await listen(createTcpServer((socket) => socket.end('HTTP/1.1 400 No\r\n\r\n')))
    expect(await failureOf(createClient(`https://127.0.0.1:${port}`).get('/'))).toBe('TLS_FAILED')
  })

  it('is part of the time to connect', async () => {
    const port = await listen(createTcpServer(() => {}))
    const { get, exchanges } = createClient(`https://127.0.0.1:${port}`, { timeout: timeouts({ connect: 80 }) })
    expect(await failureOf(get('/'))).toBe('TIMEOUT_CONNECT')
    expect(exchanges[0]?.connectEnd).toBeGreaterThan(0)
    expect(exchanges[0]?.tlsEnd).toBe(0)
  })

  it('says what is wrong with a key', async () => {
    const { get } = createClient('https://127.0.0.1:9', { tls: { cert: 'nonsense', key: 'nonsense' } })
    expect(await failureOf(get('/'))).toBe('TLS_FAILED')
  })
})
