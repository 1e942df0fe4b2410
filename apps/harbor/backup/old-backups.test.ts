import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { removeOldBackups } from './old-backups.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'harbor-old-backups-'))
})
afterEach(() => rm(folder, { recursive: true }))

const now = new Date('2026-03-01T02:00:00Z')
const put = (...names: string[]) => Promise.all(names.map((name) => writeFile(join(folder, name), '')))
const newest = () => join(folder, 'harbor-20260301.backup.gz')

it('keeps the backups of 30 days and removes those before, in both ways to write a day', async () => {
  const kept = ['harbor-20260130.backup.gz', 'harbor-2026-01-30T02-00-00Z.backup.gz', 'harbor-20260301.backup.gz']
  const old = ['harbor-2025-12-31T23-59-59Z.backup.gz', 'harbor-20260128.backup.gz', 'harbor-20260129.backup.gz']
  await put(...kept, ...old)
  expect(await removeOldBackups(newest(), 30, now)).toEqual(old)
  expect((await readdir(folder)).sort()).toEqual([...kept].sort())
})

it('touches nothing that is not named as a backup, and never the newest', async () => {
  const others = [
    'harbor-20200101.sql.gz',
    'other-20200101.backup.gz',
    'harbor-202001011.backup.gz',
    'harbor-20209999.backup.gz',
  ]
  await put(...others, 'harbor-20200101.backup.gz')
  expect(await removeOldBackups(join(folder, 'harbor-20200101.backup.gz'), 30, now)).toEqual([])
  expect(await readdir(folder)).toHaveLength(5)
})
