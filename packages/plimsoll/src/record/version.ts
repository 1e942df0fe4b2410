import { PlimsollError } from '../base/errors.ts'
import { EVENT_VERSION } from './events.ts'

/**
 * Lets through what this version can read. Within one version, events and fields may be added; readers pass over
 * what they do not know.
 * @throws {PlimsollError} RUN_TOO_NEW, or RUN_UNREADABLE when it is no version at all
 */
export function checkVersion(version: unknown): void {
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) {
    throw new PlimsollError(
      'RUN_UNREADABLE',
      `the run's events have no version that I know: ${JSON.stringify(version)}`,
      {
        hint: 'The file is damaged or was not written by Plimsoll.',
      },
    )
  }
  if (version > EVENT_VERSION) {
    throw new PlimsollError(
      'RUN_TOO_NEW',
      `the run was written by a newer Plimsoll: its events have version ${version}, this one reads up to ${EVENT_VERSION}`,
      { hint: 'Update Plimsoll: npm install plimsoll@latest' },
    )
  }
}
