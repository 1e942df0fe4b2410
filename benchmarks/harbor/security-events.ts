import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import pg from 'pg'
import { pino } from 'pino'
import { readMigrations } from '../../apps/harbor/src/database/migration-files.ts'
import { migrateUp } from '../../apps/harbor/src/database/migrations.ts'
import { EventLog } from '../../apps/harbor/src/security/event-log.ts'
import { inBenchmarks } from '../harness/paths.ts'
import { newFolder } from '../harness/scratch.ts'
import { table } from '../harness/table.ts'
import { Usage } from '../harness/usage.ts'
import { wait } from '../harness/wait.ts'
import { Postgres } from './postgres.ts'

const events = 10_000
/** Events of one turn: what an attack brings between two looks at the sockets. */
const atOnce = 20

/**
 * What an event costs, in microseconds of CPU: ordinary requests make none, and those that do (sign-ins, refusals) cost
 * milliseconds. Its line in the log is written as harbor writes it; its row goes to Postgres with others.
 */
export async function costOfEvents(core: number | undefined) {
  const postgres = await Postgres.start(core)
  const pool = new pg.Pool({ connectionString: postgres.url, max: 1 })
  // Postgres may end before a connection that was let go is closed.
  pool.on('error', () => undefined)
  const log = pino({ level: 'info' }, pino.destination({ dest: join(newFolder(), 'log'), sync: true }))
  const stored = new EventLog(pool, log)
  const ofPostgres = new Usage(postgres.pid)
  try {
    await migrateUp(postgres.url, await readMigrations(pathToFileURL(inBenchmarks('../apps/harbor/src/'))))
    const line = await measure((event) => log.info({ event, severity: 'low' }, 'security event'))
    ofPostgres.cpu()
    const row = await measure(
      (event) => stored.add(event),
      () => stored.close(),
    )
    const insert = (ofPostgres.cpu() / events) * 1e6
    return {
      markdown: [
        `CPU of a security event, in µs, of ${events.toLocaleString('en')}:`,
        table(
          ['', 'harbor', 'Postgres'],
          [
            ['its line in the log', line.toFixed(1), ''],
            ['its row, with others in one statement', row.toFixed(1), insert.toFixed(1)],
          ],
        ),
      ].join('\n\n'),
      data: { line, row, insert },
    }
  } finally {
    await pool.end()
    await postgres.stop()
  }
}

type Event = Parameters<EventLog['add']>[0]

/** Microseconds for each event. */
async function measure(record: (event: Event) => void, finish?: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage()
  for (let index = 0; index < events; index += 1) {
    record({ kind: 'login_failed', address: `10.0.${index >> 8}.${index & 255}`, details: { wallet: `0x${index}` } })
    if (index % atOnce === atOnce - 1) await wait(0)
  }
  await finish?.()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / events
}
