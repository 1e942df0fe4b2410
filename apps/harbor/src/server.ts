import { createApp } from './app.ts'
import { openDatabase } from './database/database.ts'
import { readMigrations } from './database/migration-files.ts'
import { migrateUp } from './database/migrations.ts'
import { observeQueries } from './database/slow-queries.ts'
import { isUnavailable } from './database/unavailable.ts'
import { startEmbeddedPostgres } from './embedded-postgres/embedded-postgres.ts'
import { EnvironmentError, readEnvironment } from './environment.ts'
import { listenBeside } from './http/unix-socket.ts'
import { kept, makeSecret } from './kept.ts'
import { createLog } from './log.ts'
import { createMetrics } from './metrics/metrics.ts'
import { openRedis } from './redis/redis.ts'

/** How long a start waits for a Postgres that is not there yet. */
const databasePatience = 30_000

/** From the signal to stop: when clients that still have not read their answer are cut off. */
const drainTime = 7_000

const closers: (() => unknown)[] = []

/** Starts what it needs, serves until SIGTERM or SIGINT, and ends everything in the reverse order. */
async function main(): Promise<void> {
  let stopping = false
  const signalled = new Promise<NodeJS.Signals>((resolve) => {
    const onSignal = (signal: NodeJS.Signals) => {
      // Asked twice: no more patience. The embedded Postgres ends with the process.
      if (stopping) process.exit(1)
      stopping = true
      resolve(signal)
    }
    process.on('SIGTERM', onSignal).on('SIGINT', onSignal)
  })

  const environment = readEnvironment(process.env)
  const log = createLog(environment.logLevel)
  const secret = environment.secret ?? (await kept(environment.dataFolder, 'secret', makeSecret))
  let url = environment.databaseUrl
  if (url === undefined) {
    const postgres = await startEmbeddedPostgres(environment.dataFolder, log)
    closers.unshift(postgres.stop)
    url = postgres.url
  }

  // The parts' SQL lies beside this file in `src/` and in `dist/` alike.
  const migrations = await readMigrations(new URL('.', import.meta.url))
  for (const deadline = Date.now() + databasePatience; !stopping; ) {
    try {
      for (const { number, part, name } of await migrateUp(url, migrations))
        log.info({ number, part, name }, 'migrated')
      break
    } catch (error) {
      if (!isUnavailable(error) || Date.now() > deadline) throw error
      log.warn({ err: error }, 'waiting for Postgres')
      await Promise.race([signalled, new Promise((resolve) => setTimeout(resolve, 500))])
    }
  }
  if (stopping) return

  const metrics = createMetrics()
  const database = openDatabase(url, {
    connections: environment.databaseConnections,
    log,
    observe: observeQueries({ over: environment.slowQuery, log, metrics }),
    replica: environment.databaseReplicaUrl
      ? {
          url: environment.databaseReplicaUrl,
          mostLag: environment.mostReplicaLag,
          observe: metrics.replicaRead,
        }
      : undefined,
  })
  closers.unshift(database.close)
  const redis = openRedis(environment.redisUrl, { log, observer: metrics.redis })
  closers.unshift(redis.close)
  const schemaVersion = migrations.at(-1)?.number ?? 0
  const app = await createApp({ environment, secret, schemaVersion, database, redis, metrics, log })
  closers.unshift(() => app.close())
  const address = await app.listen({
    host: environment.host,
    port: environment.port,
    listenTextResolver: (at) => `harbor listens at ${at}`,
  })
  if (environment.socket !== undefined) closers.unshift(await listenBeside(app.server, environment.socket))
  log.debug({ address }, 'ready')

  log.info({ signal: await signalled }, 'stopping')
  setTimeout(() => app.cutOff(), drainTime).unref()
}

try {
  await main()
} catch (error) {
  process.exitCode = 1
  console.error(`harbor: ${explain(error)}`)
} finally {
  for (const close of closers) await close()
  process.exit()
}

function explain(error: unknown): string {
  if (error instanceof EnvironmentError) return [error.message, ...error.problems].join('\n  ')
  if (!(error instanceof Error)) return String(error)
  if ('code' in error && error.code === 'EADDRINUSE') return `${error.message}. Set PORT to a free one.`
  return error.message
}
