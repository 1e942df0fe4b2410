import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { deflateRawSync } from 'node:zlib'
import { judge } from '../../packages/plimsoll/src/judge/judge.ts'
import type { Finding, ValidityFlag, Verdict } from '../../packages/plimsoll/src/judge/verdict.ts'
import type { RunEvent } from '../../packages/plimsoll/src/record/events.ts'
import { fold } from '../../packages/plimsoll/src/record/fold.ts'

/** Puts a run into the template the way the report writer does. */
export function embed(template: string, data: { events: readonly RunEvent[]; verdict: Verdict }): string {
  const packed = deflateRawSync(JSON.stringify(data)).toString('base64')
  return template.replace(
    '<!--plimsoll-data-->',
    () => `<script type="application/octet-stream" id="plimsoll-data">${packed}</script>`,
  )
}

export interface ReportFile extends AsyncDisposable {
  readonly url: string
  readonly bytes: number
}

/** A report on disk, as a reader opens it. */
export async function writeReport(html: string): Promise<ReportFile> {
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-report-'))
  const file = join(folder, 'report.html')
  await writeFile(file, html)
  return {
    url: pathToFileURL(file).href,
    bytes: Buffer.byteLength(html),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

const finding: Finding = {
  id: 'slow-queries',
  title: 'The database slowed down, and requests with it',
  confidence: 0.82,
  evidence: [
    'Postgres’ p95 of queries rose from 18 ms to 51 ms between 3:00 and 3:45',
    'The response times of POST /lock-proof and GET /ledger rose in the same seconds, those of GET /health did not',
  ],
  recommendation: 'Look at what ran in Postgres from 3:00 on; an index on ledger(capture_id) would be a first try.',
}

/** A run with its real verdict and a finding to show; `flags` in place of those that the judge raises itself. */
export function judged(events: readonly RunEvent[], flags?: readonly ValidityFlag[]) {
  const verdict = judge(fold(events))
  return { events, verdict: { ...(flags === undefined ? verdict : doubted(verdict, flags)), findings: [finding] } }
}

function doubted(verdict: Verdict, flags: readonly ValidityFlag[]): Verdict {
  const isInvalid = flags.some((flag) => flag.severity === 'invalid')
  if (!isInvalid) return { ...verdict, validity: { state: flags.length > 0 ? 'suspect' : 'valid', flags } }
  return { ...verdict, outcome: 'invalid', exitCode: 3, validity: { state: 'invalid', flags } }
}
