import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { deflateRawSync } from 'node:zlib'
import { buildTemplate } from '../../packages/dashboard/build.mjs'
import { type GeneratedRunOptions, generatedRun } from '../../packages/dashboard/src/fixtures/generated-run.ts'
import { generatedVerdict } from '../../packages/dashboard/src/fixtures/generated-verdict.ts'
import type { ValidityFlag, Verdict } from '../../packages/plimsoll/src/judge/verdict.ts'
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

/** A generated run with its verdict, ready to be embedded. */
export function generatedReport(options: GeneratedRunOptions = {}, flags: readonly ValidityFlag[] = []) {
  const events = generatedRun(options)
  return { events, verdict: generatedVerdict(fold(events), flags) }
}

export const template = (): Promise<string> => buildTemplate()
