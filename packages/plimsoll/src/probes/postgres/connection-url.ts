import { readFile } from 'node:fs/promises'
import { PlimsollError } from '../../base/errors.ts'

/**
 * The URL itself, or for `file:…` what that file holds now: a system that starts a Postgres of its own writes there
 * where it is, at each start anew.
 * @throws {PlimsollError} PROBE_FAILED when the file cannot be read
 */
export async function connectionUrl(url: string): Promise<string> {
  if (!url.startsWith('file:')) return url
  const file = url.slice('file:'.length)
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new PlimsollError('PROBE_FAILED', `the postgres probe cannot read ${file}: ${code}`, {
      hint: 'The system should write the URL of its Postgres there before it is ready.',
      cause: error,
    })
  }
}
