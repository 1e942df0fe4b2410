import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { primaryUrl } from '../src/database/primary.ts'
import { startEmbeddedPostgres } from '../src/embedded-postgres/embedded-postgres.ts'
import type { Environment } from '../src/environment.ts'
import { createLog } from '../src/log.ts'

/** Gives the body the database that a harbor here uses: `DATABASE_URL`, the embedded one that runs, or one that it starts. */
export async function withDatabase<T>(
  { databaseUrl, dataFolder }: Pick<Environment, 'databaseUrl' | 'dataFolder'>,
  body: (url: string) => Promise<T>,
): Promise<T> {
  if (databaseUrl !== undefined) return body(await primaryUrl(databaseUrl))
  const running = await readFile(join(dataFolder, 'database-url'), 'utf8').catch(() => undefined)
  return running === undefined ? withEmbedded(dataFolder, body) : body(running.trim())
}

export async function withEmbedded<T>(dataFolder: string, body: (url: string) => Promise<T>): Promise<T> {
  const embedded = await startEmbeddedPostgres(dataFolder, createLog('warn'))
  try {
    return await body(embedded.url)
  } finally {
    await embedded.stop()
  }
}
