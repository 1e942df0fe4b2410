import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { makeCertificate } from '../../apps/harbor/cluster/certificate.ts'
import { writeNginxFiles } from '../../apps/harbor/cluster/nginx-files.ts'
import { freePorts } from '../../apps/harbor/cluster/ports.ts'
import { findProgram, nginx } from '../../apps/harbor/cluster/programs.ts'
import { accepts } from '../../apps/harbor/cluster/stores.ts'
import { createClient } from './harness.ts'

let folder: string
let nginxProcess: ChildProcess
let url: string
let ca: string

/** Tells how it was asked. */
const behind = createServer((request, response) => {
  const { host, 'x-forwarded-proto': proto } = request.headers
  response.end(JSON.stringify({ version: request.httpVersion, host, proto }))
})

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-nginx-'))
  const [port = 0, tlsPort = 0] = await freePorts(2)
  const certificate = await makeCertificate('openssl', folder)
  ca = certificate.certificateFile
  behind.listen(0, '127.0.0.1')
  await once(behind, 'listening')
  const main = await writeNginxFiles(folder, {
    listen: `127.0.0.1:${port}`,
    tls: { listen: `127.0.0.1:${tlsPort}`, certificate },
    instances: [{ name: '1', address: `127.0.0.1:${(behind.address() as AddressInfo).port}` }],
  })
  const program = await findProgram(nginx)
  if (typeof program === 'string') throw new Error(program)
  const globals = `daemon off; pid ${join(folder, 'nginx.pid')};`
  nginxProcess = spawn(program.path, ['-e', 'stderr', '-p', folder, '-c', main, '-g', globals], { stdio: 'inherit' })
  await vi.waitUntil(() => accepts(tlsPort), 10_000)
  url = `https://127.0.0.1:${tlsPort}`
})
afterAll(async () => {
  nginxProcess.kill('SIGTERM')
  await once(nginxProcess, 'exit')
  behind.closeAllConnections()
  behind.close()
  await rm(folder, { recursive: true })
})

describe('an nginx as harbor has it', () => {
  it.each([
    [2, 1],
    ['auto', 1],
    [1, 6],
  ] as const)('serves a client of HTTP version %s over %i connections', async (version, connections) => {
    const { get, exchanges, shared } = createClient(url, { version, tls: { ca: await readFile(ca, 'utf8') } })
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => get(`/${index}`)))
    for (const answer of answers) {
      expect(answer.status).toBe(200)
      expect(answer.json()).toEqual({ version: '1.1', host: new URL(url).host, proto: 'https' })
    }
    expect(exchanges).toHaveLength(20)
    expect(shared.openConnections).toBe(connections)
  })
})
