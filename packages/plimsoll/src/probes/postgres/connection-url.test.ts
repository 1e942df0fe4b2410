import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { connectionUrl } from './connection-url.ts'

it('is the URL, or what the file holds', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-'))
  const file = join(folder, 'database url')
  try {
    expect(await connectionUrl('postgres://h/d')).toBe('postgres://h/d')
    await expect(connectionUrl(`file:${file}`)).rejects.toMatchObject({ code: 'PROBE_FAILED' })
    await writeFile(file, 'postgres://h/d\n')
    expect(await connectionUrl(`file:${file}`)).toBe('postgres://h/d')
  } finally {
    await rm(folder, { recursive: true })
  }
})
