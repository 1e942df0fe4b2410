import { deflateRawSync } from 'node:zlib'
import { PlimsollError } from '../../base/errors.ts'
import type { Verdict } from '../../judge/verdict.ts'
import type { RunEvent } from '../../record/events.ts'
import { condense } from './condense.ts'

const MARKER = '<!--plimsoll-data-->'
/** More than a screen has room for; a run of any length stays a page of a few megabytes. */
const MOST_INTERVALS = 600

/**
 * The report as one page: the dashboard's template with the run in it, as base64 of deflate-raw of
 * `{ events, deliveries, verdict }`, which the page inflates. Base64 has no `<`, so nothing that a system answered can end the
 * element early. Events are read once: they may come straight from a run folder.
 * @throws {PlimsollError} INTERNAL when the template has no place for data
 */
export function writeHtml(template: string, events: Iterable<RunEvent>, verdict: Verdict): string {
  const at = template.indexOf(MARKER)
  if (at < 0) throw new PlimsollError('INTERNAL', `the report's template has no ${MARKER} in it`)
  const payload = JSON.stringify({ ...condense(events, MOST_INTERVALS), verdict })
  const data = deflateRawSync(payload, { level: 9 }).toString('base64')
  const element = `<script type="application/octet-stream" id="plimsoll-data">${data}</script>`
  return template.slice(0, at) + element + template.slice(at + MARKER.length)
}
