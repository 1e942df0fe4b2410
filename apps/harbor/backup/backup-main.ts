import { stat } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { readEnvironment } from '../src/environment.ts'
import { wholeNumber } from '../src/environment-reader.ts'
import { withDatabase } from './database-url.ts'
import { removeOldBackups } from './old-backups.ts'
import { runProgram, table } from './program.ts'
import { writeBackup } from './write.ts'

const usage = `npm run harbor:backup [-- --out FILE] [--keep DAYS]

Writes all of harbor's database, as it is at one moment, into a file; harbor may run on meanwhile. The database is
DATABASE_URL, or the embedded one in HARBOR_DATA. With --keep the backups beside it whose names tell of an older day,
as in harbor-20260110.backup.gz, are removed once this one is whole.`

await runProgram(async () => {
  const { values } = parseArgs({
    options: { out: { type: 'string' }, keep: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  })
  if (values.help) {
    console.log(usage)
    return 0
  }
  const keep = values.keep === undefined ? undefined : wholeNumber(values.keep)
  if (keep !== undefined && !(keep > 0)) {
    throw new Error(`--keep must be a number of days from 1 on, such as 30, but is "${values.keep}".`)
  }
  const now = new Date()
  const file = values.out ?? `harbor-${now.toISOString().slice(0, 19).replaceAll(':', '-')}Z.backup.gz`
  const { tables } = await withDatabase(readEnvironment(process.env), (url) => writeBackup(url, file))
  console.log(table(tables.map((summary) => [summary.table, summary.rows])))
  console.log(
    `${file}: ${((await stat(file)).size / 1024 / 1024).toFixed(2)} MiB. Try it: npm run harbor:restore -- --verify ${file}`,
  )
  if (keep !== undefined) {
    for (const name of await removeOldBackups(file, keep, now)) console.log(`removed ${name}`)
  }
  return 0
})
