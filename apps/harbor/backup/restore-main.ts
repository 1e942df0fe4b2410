import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readMigrations } from '../src/database/migration-files.ts'
import { readEnvironment } from '../src/environment.ts'
import { withDatabase, withEmbedded } from './database-url.ts'
import { runProgram, table } from './program.ts'
import { restoreBackup } from './restore.ts'
import { checkSoundness } from './soundness.ts'

const usage = `npm run harbor:restore -- FILE            into the empty database DATABASE_URL, or the embedded one
npm run harbor:restore -- --verify FILE   into a database that is made for it and thrown away; changes nothing

Both compare every table with the backup, and check the ledger's chain and that no message is missing.`

await runProgram(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { verify: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h' } },
  })
  const [file, ...more] = positionals
  if (values.help || file === undefined || more.length > 0) {
    console.log(usage)
    return values.help ? 0 : 2
  }
  const restore = (url: string) => restoreInto(url, file)
  return values.verify ? withThrowAway(restore) : withDatabase(readEnvironment(process.env), restore)
})

async function restoreInto(url: string, file: string): Promise<number> {
  // The parts' SQL lies beside this program once it is bundled.
  const { tables } = await restoreBackup(file, url, await readMigrations(new URL('.', import.meta.url)))
  const { ledgerEntries, rooms, problems } = await checkSoundness(url)
  console.log(table(tables.map((summary) => [summary.table, summary.rows])))
  console.log(
    `All rows are those of the backup. Ledger: ${ledgerEntries} entries in a chain. Rooms without a gap: ${rooms}.`,
  )
  for (const problem of problems) console.error(problem)
  return problems.length === 0 ? 0 : 1
}

async function withThrowAway<T>(body: (url: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'harbor-verify-'))
  // Started by root, its Postgres runs as another user.
  await chmod(folder, 0o711)
  try {
    return await withEmbedded(folder, body)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
