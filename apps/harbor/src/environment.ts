import { resolve } from 'node:path'
import { EnvironmentReader, type Variables, wholeNumber } from './environment-reader.ts'

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

const securityLayers = ['log', 'anomaly', 'ratelimit', 'reputation', 'alerts'] as const
export type SecurityLayer = (typeof securityLayers)[number]

/** Defects that can be switched on, each in a file of its own. */
const defects = [] as const
export type Defect = (typeof defects)[number]

export interface Environment {
  readonly host: string
  readonly port: number
  /** What a load balancer calls this instance. Undefined: it is the only one, or nobody has to find it again. */
  readonly instance: string | undefined
  /** A file for a Unix socket by which a load balancer on this machine may come too. */
  readonly socket: string | undefined
  /** With one host, or several of which one is the primary. Undefined: an embedded Postgres in `dataFolder`. */
  readonly databaseUrl: string | undefined
  /** Undefined: all is read where it is written. */
  readonly databaseReplicaUrl: string | undefined
  /** In milliseconds: a replica that is further behind is not read from. */
  readonly mostReplicaLag: number
  /** The most connections that this instance holds to Postgres. */
  readonly databaseConnections: number
  /** In milliseconds: statements that take longer are logged. */
  readonly slowQuery: number
  /** Undefined: this is the only instance, and keeps in its memory what several would share. */
  readonly redisUrl: string | undefined
  /** Undefined: made at first start and kept in `dataFolder`. */
  readonly secret: string | undefined
  readonly security: SecuritySettings
  readonly defects: ReadonlySet<Defect>
  readonly logLevel: LogLevel
  /** Absolute. */
  readonly dataFolder: string
}

export interface SecuritySettings {
  readonly layers: ReadonlySet<SecurityLayer>
  readonly rateLimit: RateLimit
  /** Addresses and networks whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed. */
  readonly trustedProxies: readonly string[]
  /** Origins besides its own whose pages may call this harbor. */
  readonly origins: readonly string[]
  /** In lower case. Undefined: the first user is the admin. */
  readonly adminEmail: string | undefined
  readonly smtpUrl: string | undefined
  readonly alertWebhookUrl: string | undefined
}

/** Requests per minute of one client below `/api`. */
export interface RateLimit {
  readonly anonymous: number
  readonly signedIn: number
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

/**
 * Reads and checks the variables that docs/harbor.md lists. An empty value counts as not set.
 * @throws {EnvironmentError} with every problem found
 */
export function readEnvironment(variables: Variables): Environment {
  const read = new EnvironmentReader(variables)
  const environment: Environment = {
    host: read.text('HOST') ?? '127.0.0.1',
    port: read.integer('PORT', 3000, 0, 65_535),
    instance: instance(read),
    socket: read.text('HARBOR_SOCKET'),
    databaseUrl: read.database(
      'DATABASE_URL',
      'postgres://user:password@host:5432/database, or …@host:5432,standby:5432/…; unset it for an embedded Postgres',
    ),
    databaseReplicaUrl: read.url(
      'DATABASE_REPLICA_URL',
      ['postgres:', 'postgresql:'],
      'postgres://user:password@host:5432/database; unset it to read from the primary',
    ),
    mostReplicaLag: read.integer('HARBOR_REPLICA_LAG_MS', 5_000, 100, 3_600_000),
    databaseConnections: read.integer('HARBOR_DB_CONNECTIONS', 12, 2, 1000),
    slowQuery: read.integer('HARBOR_SLOW_QUERY_MS', 100, 0, 60_000),
    redisUrl: read.url('REDIS_URL', ['redis:', 'rediss:'], 'redis://:password@host:6379; unset it for one instance'),
    secret: secret(read),
    security: {
      layers: layers(read),
      rateLimit: rateLimit(read),
      trustedProxies: read.networks('HARBOR_TRUST_PROXY'),
      origins: origins(read),
      adminEmail: read.text('HARBOR_ADMIN_EMAIL')?.toLowerCase(),
      smtpUrl: read.url('SMTP_URL', ['smtp:', 'smtps:'], 'smtp://user:password@host:587'),
      alertWebhookUrl: read.url('ALERT_WEBHOOK_URL', ['http:', 'https:'], 'https://host/path'),
    },
    defects: read.choice('HARBOR_DEFECTS', defects) ?? new Set(),
    logLevel: logLevel(read),
    dataFolder: resolve(read.text('HARBOR_DATA') ?? '.harbor'),
  }
  if (read.problems.length > 0) throw new EnvironmentError(read.problems)
  return environment
}

function instance(read: EnvironmentReader): string | undefined {
  const value = read.text('HARBOR_INSTANCE')
  if (value !== undefined && !/^[A-Za-z0-9-]{1,32}$/.test(value)) {
    read.problems.push(`HARBOR_INSTANCE must be 1 to 32 letters, digits and hyphens, but is "${value}".`)
  }
  return value
}

function secret(read: EnvironmentReader): string | undefined {
  const value = read.text('HARBOR_SECRET')
  if (value === undefined) {
    if (read.text('NODE_ENV') === 'production') {
      read.problems.push('HARBOR_SECRET must be set when NODE_ENV is production; make one with: openssl rand -hex 32')
    }
  } else if (Buffer.byteLength(value) < 32) {
    read.problems.push(
      `HARBOR_SECRET must have 32 bytes or more, but has ${Buffer.byteLength(value)}; make one with: openssl rand -hex 32`,
    )
  }
  return value
}

function layers(read: EnvironmentReader): ReadonlySet<SecurityLayer> {
  if (read.text('HARBOR_SECURITY') === 'none') return new Set()
  return read.choice('HARBOR_SECURITY', securityLayers) ?? new Set(securityLayers)
}

function rateLimit(read: EnvironmentReader): RateLimit {
  const given = read.list('HARBOR_RATE_LIMIT')
  if (given === undefined) return { anonymous: 100, signedIn: 1000 }
  const [anonymous = Number.NaN, signedIn = anonymous] = given.map(wholeNumber)
  if (given.length > 2 || !(anonymous > 0) || !(signedIn > 0)) {
    read.problems.push(
      'HARBOR_RATE_LIMIT must be the requests per minute of one client, such as 600, or 100,1000 for anonymous and signed-in ones.',
    )
  }
  return { anonymous, signedIn }
}

function origins(read: EnvironmentReader): readonly string[] {
  const given = read.list('HARBOR_ORIGINS') ?? []
  const wrong = given.filter((item) => !URL.canParse(item) || new URL(item).origin !== item)
  if (wrong.length > 0) {
    read.problems.push(
      `HARBOR_ORIGINS must hold origins such as https://app.example, but holds "${wrong.join('", "')}".`,
    )
  }
  return given
}

function logLevel(read: EnvironmentReader): LogLevel {
  const value = read.text('LOG_LEVEL') ?? 'info'
  const level = logLevels.find((candidate) => candidate === value)
  if (level === undefined) read.problems.push(`LOG_LEVEL must be one of ${logLevels.join(', ')}, but is "${value}".`)
  return level ?? 'info'
}
