import { readMigrations } from './database/migration-files.ts'
import { migrateDown, migrateUp, migrationStates } from './database/migrations.ts'
import { startEmbeddedPostgres } from './embedded-postgres/embedded-postgres.ts'
import { EnvironmentError, readEnvironment } from './environment.ts'
import { createLog } from './log.ts'

const usage = `node dist/migrate.js up       brings the database to the newest version
node dist/migrate.js down     takes back the newest migration
node dist/migrate.js status   lists the migrations

The database is DATABASE_URL, or the embedded one in HARBOR_DATA.`

const commands: Readonly<Record<string, (url: string) => Promise<readonly string[]>>> = {
  async up(url) {
    const done = await migrateUp(url, await migrations())
    return done.length > 0
      ? done.map(({ number, part, name }) => `applied ${number} ${part}/${name}`)
      : ['nothing to do']
  },
  async down(url) {
    const taken = await migrateDown(url, await migrations())
    return [taken ? `took back ${taken.number} ${taken.part}/${taken.name}` : 'nothing to take back']
  },
  async status(url) {
    const states = await migrationStates(url, await migrations())
    return states.map(({ number, part, name, appliedAt }) =>
      [number, `${part}/${name}`, appliedAt ? `applied ${appliedAt.toISOString()}` : 'pending'].join('  '),
    )
  },
}

const migrations = () => readMigrations(new URL('.', import.meta.url))

const command = commands[process.argv[2] ?? '']
if (command === undefined || process.argv.length > 3) {
  console.error(usage)
  process.exit(2)
}
try {
  const { databaseUrl, dataFolder } = readEnvironment(process.env)
  const embedded = databaseUrl === undefined ? await startEmbeddedPostgres(dataFolder, createLog('warn')) : undefined
  try {
    console.log((await command(databaseUrl ?? embedded?.url ?? '')).join('\n'))
  } finally {
    await embedded?.stop()
  }
} catch (error) {
  process.exitCode = 1
  if (error instanceof EnvironmentError) console.error([error.message, ...error.problems].join('\n  '))
  else console.error(error instanceof Error ? error.message : String(error))
}
