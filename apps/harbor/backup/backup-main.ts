import { stat } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { readEnvironment } from '../src/environment.ts'
import { withDatabase } from './database-url.ts'
import { runProgram, table } from './program.ts'
import { writeBackup } from './write.ts'

const usage = `npm run harbor:backup [-- --out FILE]

Writes all of harbor's database, as it is at one moment, into a file; harbor may run on meanwhile. The database is
DATABASE_URL, or the embedded one in HARBOR_DATA.`

await runProgram(async () => {
  const { values } = parseArgs({ options: { out: { type: 'string' }, help: { type: 'boolean', short: 'h' } } })
  if (values.help) {
    console.log(usage)
    return 0
  }
  const now = new Date().toISOString().slice(0, 19).replaceAll(':', '-')
  const file = values.out ?? `harbor-${now}Z.backup.gz`
  const { tables } = await withDatabase(readEnvironment(process.env), (url) => writeBackup(url, file))
  console.log(table(tables.map((summary) => [summary.table, summary.rows])))
  console.log(
    `${file}: ${((await stat(file)).size / 1024 / 1024).toFixed(2)} MiB. Try it: npm run harbor:restore -- --verify ${file}`,
  )
  return 0
})
