/**
 * The name of a run's folder: `2026-11-21T10-02-31Z-archive-origin-smoke`. In UTC and to the second, so that names sort
 * by time wherever the runs were made.
 */
export function runName(startedAt: Date, plan: string, profile: string): string {
  const time = startedAt.toISOString().replace(/\.\d+/, '').replaceAll(':', '-')
  return [time, slug(plan), slug(profile)].filter((part) => part !== '').join('-')
}

/** Letters and digits of any script, everything else a hyphen; short enough for every file system. */
export function slug(text: string): string {
  return [...text.normalize('NFC').toLowerCase()]
    .join('')
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .slice(0, 60)
    .replaceAll(/^-+|-+$/g, '')
}
