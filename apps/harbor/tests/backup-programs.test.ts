import { spawn } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { migrateUp } from '../src/database/migrations.ts'
import { migrations } from './support/instance.ts'
import { startTestPostgres, type TestPostgres, temporaryFolder } from './support/postgres.ts'
import { build } from './support/processes.ts'

let postgres: TestPostgres
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let url: string
beforeAll(async () => {
  await build()
  postgres = await startTestPostgres()
  folder = await temporaryFolder()
  url = await postgres.database()
  await migrateUp(url, migrations)
})
afterAll(async () => {
  await postgres.stop()
  await folder[Symbol.asyncDispose]()
})

async function run(program: 'backup' | 'restore', args: readonly string[], databaseUrl = url) {
  const child = spawn(process.execPath, [fileURLToPath(new URL(`../dist/${program}.js`, import.meta.url)), ...args], {
    cwd: folder.folder,
    env: { PATH: process.env['PATH'] ?? '', DATABASE_URL: databaseUrl },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (piece: string) => {
      text += piece
    })
  }
  const code = await new Promise((resolve) => child.once('close', resolve))
  return { code, text }
}

it('backs up, verifies in a Postgres that is thrown away, and restores into an empty one', async () => {
  const backup = await run('backup', ['--out', 'a.gz'])
  expect(backup).toMatchObject({ code: 0, text: expect.stringMatching(/ledger_head +1\n/) })
  const verified = await run('restore', ['--verify', 'a.gz'], 'postgres://nobody@127.0.0.1:1/none')
  expect(verified).toMatchObject({ code: 0, text: expect.stringContaining('All rows are those of the backup.') })
  expect(await run('restore', ['a.gz'], await postgres.database())).toMatchObject({ code: 0 })
})

it('keeps the backups of so many days, and the older ones only until the new one is whole', async () => {
  const old = join(folder.folder, 'harbor-20200110.backup.gz')
  await writeFile(old, '')
  const failed = await run('backup', ['--out', 'c.gz', '--keep', '30'], 'postgres://nobody@127.0.0.1:1/none')
  expect(failed.code).toBe(1)
  expect(await readFile(old, 'utf8')).toBe('')
  const made = await run('backup', ['--out', 'c.gz', '--keep', '30'])
  expect(made).toMatchObject({ code: 0, text: expect.stringContaining('removed harbor-20200110.backup.gz') })
  await expect(readFile(old)).rejects.toThrow('ENOENT')
  expect(await run('backup', ['--keep', 'all'])).toMatchObject({ code: 1, text: expect.stringContaining('"all"') })
})

it('says in a sentence why it does not', async () => {
  await writeFile(join(folder.folder, 'cut.gz'), (await readFile(join(folder.folder, 'a.gz'))).subarray(0, 200))
  expect(await run('restore', ['--verify', 'cut.gz'])).toEqual({
    code: 1,
    text: expect.stringMatching(/^The backup is damaged: .*nothing was restored from this\.\n$/),
  })
  expect(await run('restore', ['a.gz'])).toMatchObject({ code: 1, text: expect.stringMatching(/is not empty/) })
  expect(await run('restore', [])).toMatchObject({ code: 2, text: expect.stringContaining('harbor:restore -- FILE') })
  expect(await run('backup', ['--up'])).toMatchObject({ code: 1, text: expect.stringContaining("'--up'") })
  const gone = await run('backup', ['--out', 'b.gz'], 'postgres://nobody@127.0.0.1:1/none')
  expect(gone).toMatchObject({ code: 1, text: expect.stringContaining('ECONNREFUSED') })
  await expect(readFile(join(folder.folder, 'b.gz.partial'))).rejects.toThrow('ENOENT')
})
