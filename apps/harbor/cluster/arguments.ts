import { parseArgs } from 'node:util'

export const usage = `npm run harbor:cluster -- [options]

  --instances N   how many instances (3)
  --port N        where nginx listens (8080)
  --tls-port N    where nginx listens with TLS as well, for HTTP/2 and HTTP/1.1 (nowhere)
  --rolling       restarts the instances of the cluster that runs, one after the other; so does SIGUSR2

HARBOR_TLS_CERT and HARBOR_TLS_KEY are files with its certificate and key; without them it makes a certificate of its own.
DATABASE_URL and REDIS_URL name a Postgres and a Redis to use; without them it starts its own. NGINX, REDIS_SERVER
and OPENSSL name programs that are not found. Everything else that docs/harbor.md lists goes to the instances as it is.`

export interface ClusterArguments {
  readonly instances: number
  readonly port: number
  /** Undefined: without TLS only. */
  readonly tlsPort: number | undefined
  readonly rolling: boolean
}

/** @throws {Error} with a sentence for whoever typed it */
export function readArguments(args: readonly string[]): ClusterArguments | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      instances: { type: 'string', default: '3' },
      port: { type: 'string', default: '8080' },
      'tls-port': { type: 'string' },
      rolling: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return 'help'
  const tlsPort = values['tls-port']
  return {
    instances: wholeNumber('--instances', values.instances, 1, 16),
    port: wholeNumber('--port', values.port, 1, 65_535),
    tlsPort: tlsPort === undefined ? undefined : wholeNumber('--tls-port', tlsPort, 1, 65_535),
    rolling: values.rolling,
  }
}

function wholeNumber(name: string, text: string, min: number, max: number): number {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (value >= min && value <= max) return value
  throw new Error(`${name} must be a whole number from ${min} to ${max}, but is "${text}".`)
}
