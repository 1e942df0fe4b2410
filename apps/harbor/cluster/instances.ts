import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { InstanceAddress } from './nginx-files.ts'
import type { Output } from './output.ts'
import { Service } from './service.ts'

/** Beside this program, once both are bundled. */
const server = fileURLToPath(new URL('server.js', import.meta.url))

/** Of all instances together, of the 100 that a Postgres gives if nobody says otherwise. */
const databaseConnections = 36

export interface Shared {
  readonly databaseUrl: string
  readonly redisUrl: string
  readonly secret: string
  readonly output: Output
}

/** Instances of harbor behind a load balancer on this machine, not started yet. */
export function instancesAt(ports: readonly number[], { databaseUrl, redisUrl, secret, output }: Shared) {
  return ports.map((port, index): { readonly service: Service; readonly url: string } & InstanceAddress => {
    const name = String(index + 1)
    const url = `http://127.0.0.1:${port}`
    const socket = join(tmpdir(), `harbor-${process.pid}-${name}.sock`)
    const service = new Service({
      name: `harbor-${name}`,
      program: process.execPath,
      // A target of the seeds: below 512 MB for each instance.
      args: ['--max-old-space-size=384', '--enable-source-maps', server],
      env: {
        HARBOR_DB_CONNECTIONS: String(Math.max(2, Math.floor(databaseConnections / ports.length))),
        ...process.env,
        HOST: '127.0.0.1',
        PORT: String(port),
        DATABASE_URL: databaseUrl,
        REDIS_URL: redisUrl,
        HARBOR_SECRET: secret,
        HARBOR_TRUST_PROXY: '127.0.0.1',
        HARBOR_INSTANCE: name,
        HARBOR_SOCKET: socket,
      },
      print: output.for(`harbor-${name}`),
      isReady: async () => (await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) })).ok,
      // Harbor itself cuts off after 7.
      patience: 15_000,
    })
    return { service, url, name, address: `unix:${socket}` }
  })
}
