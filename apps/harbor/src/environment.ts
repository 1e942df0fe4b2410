import { resolve } from 'node:path'

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

export interface Environment {
  readonly host: string
  readonly port: number
  /** Undefined: an embedded Postgres in `dataFolder`. */
  readonly databaseUrl: string | undefined
  /** The most connections that this instance holds to Postgres. */
  readonly databaseConnections: number
  /** Undefined: made at first start and kept in `dataFolder`. */
  readonly secret: string | undefined
  readonly logLevel: LogLevel
  /** Absolute. */
  readonly dataFolder: string
}

/** Everything that is wrong with the environment, not only the first thing. */
export class EnvironmentError extends Error {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`The environment has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:`)
    this.name = 'EnvironmentError'
    this.problems = problems
  }
}

type Variables = Readonly<Record<string, string | undefined>>

/**
 * Reads and checks the variables that docs/harbor.md lists. An empty value counts as not set.
 * @throws {EnvironmentError} with every problem found
 */
export function readEnvironment(variables: Variables): Environment {
  const problems: string[] = []

  const text = (name: string): string | undefined => variables[name] || undefined

  function integer(name: string, fallback: number, min: number, max: number): number {
    const value = text(name)
    if (value === undefined) return fallback
    const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN
    if (number >= min && number <= max) return number
    problems.push(`${name} must be a whole number from ${min} to ${max}, but is "${value}".`)
    return fallback
  }

  function databaseUrl(): string | undefined {
    const value = text('DATABASE_URL')
    if (value === undefined) return undefined
    const protocol = URL.canParse(value) ? new URL(value).protocol : ''
    if (protocol !== 'postgres:' && protocol !== 'postgresql:') {
      // The value is not repeated: it may hold a password.
      problems.push(
        'DATABASE_URL must look like postgres://user:password@host:5432/database; unset it for an embedded Postgres.',
      )
    }
    return value
  }

  function secret(): string | undefined {
    const value = text('HARBOR_SECRET')
    if (value === undefined) {
      if (text('NODE_ENV') === 'production') {
        problems.push('HARBOR_SECRET must be set when NODE_ENV is production; make one with: openssl rand -hex 32')
      }
    } else if (Buffer.byteLength(value) < 32) {
      problems.push(
        `HARBOR_SECRET must have 32 bytes or more, but has ${Buffer.byteLength(value)}; make one with: openssl rand -hex 32`,
      )
    }
    return value
  }

  function logLevel(): LogLevel {
    const value = text('LOG_LEVEL') ?? 'info'
    const level = logLevels.find((candidate) => candidate === value)
    if (level === undefined) problems.push(`LOG_LEVEL must be one of ${logLevels.join(', ')}, but is "${value}".`)
    return level ?? 'info'
  }

  const environment: Environment = {
    host: text('HOST') ?? '127.0.0.1',
    port: integer('PORT', 3000, 0, 65_535),
    databaseUrl: databaseUrl(),
    databaseConnections: integer('HARBOR_DB_CONNECTIONS', 8, 2, 1000),
    secret: secret(),
    logLevel: logLevel(),
    dataFolder: resolve(text('HARBOR_DATA') ?? '.harbor'),
  }
  if (problems.length > 0) throw new EnvironmentError(problems)
  return environment
}
