import { parseArgs } from 'node:util'

export const usage = `npm run harbor:cluster -- [options]

  --instances N   how many instances (3)
  --port N        where nginx listens (8080)
  --rolling       restarts the instances of the cluster that runs, one after the other; so does SIGUSR2

DATABASE_URL and REDIS_URL name a Postgres and a Redis to use; without them it starts its own. NGINX and REDIS_SERVER
name programs that are not found. Everything else that docs/harbor.md lists goes to the instances as it is.`

export interface ClusterArguments {
  readonly instances: number
  readonly port: number
  readonly rolling: boolean
}

/** @throws {Error} with a sentence for whoever typed it */
export function readArguments(args: readonly string[]): ClusterArguments | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      instances: { type: 'string', default: '3' },
      port: { type: 'string', default: '8080' },
      rolling: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return 'help'
  return {
    instances: wholeNumber('--instances', values.instances, 1, 16),
    port: wholeNumber('--port', values.port, 1, 65_535),
    rolling: values.rolling,
  }
}

function wholeNumber(name: string, text: string, min: number, max: number): number {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (value >= min && value <= max) return value
  throw new Error(`${name} must be a whole number from ${min} to ${max}, but is "${text}".`)
}
