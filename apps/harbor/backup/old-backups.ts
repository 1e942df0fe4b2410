import { readdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'

const suffix = '.backup.gz'
const day = 24 * 60 * 60 * 1000

/**
 * Removes the backups beside `newest` that are older than `days`, told by the date in their names,
 * `harbor-20260110….backup.gz` or `harbor-2026-01-10….backup.gz`: a copy's time of change is that of the copying.
 * Files with other names stay.
 * @returns the names of those removed, oldest first
 */
export async function removeOldBackups(newest: string, days: number, now: Date): Promise<readonly string[]> {
  const folder = dirname(newest)
  const oldest = now.getTime() - days * day
  const old = (await readdir(folder)).filter((name) => {
    const made = dateOf(name)
    return made !== undefined && made < oldest && join(folder, name) !== join(newest)
  })
  for (const name of old) await rm(join(folder, name))
  return old.sort()
}

/** The end of the day in the name, UTC, so that no backup is removed before its time. */
function dateOf(name: string): number | undefined {
  if (!name.endsWith(suffix)) return undefined
  const [, year, month, date] = /^harbor-(\d{4})-?(\d{2})-?(\d{2})(?!\d)/.exec(name) ?? []
  const begin = Date.parse(`${year}-${month}-${date}T00:00:00Z`)
  return Number.isNaN(begin) ? undefined : begin + day
}
