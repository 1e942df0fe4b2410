import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { deflateRawSync } from 'node:zlib'
import axe from 'axe-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { onTestFinished } from 'vitest'
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

export interface OpenPage {
  readonly page: Page
  /** Whatever the page logs, throws or asks of the network. */
  readonly troubles: readonly string[]
}

/** Opens a report for one test. */
export async function openReport(
  browser: Browser,
  file: ReportFile,
  options: BrowserContextOptions = {},
): Promise<OpenPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
  onTestFinished(() => context.close())
  const page = await context.newPage()
  const troubles: string[] = []
  page.on('console', (message) => message.type() !== 'log' && troubles.push(`${message.type()}: ${message.text()}`))
  page.on('pageerror', (error) => troubles.push(error.message))
  page.on('dialog', (dialog) => troubles.push(`dialog: ${dialog.message()}`))
  page.on('request', (request) => {
    if (request.url() !== file.url && !request.url().startsWith('data:')) troubles.push(`request: ${request.url()}`)
  })
  await page.goto(file.url)
  await page.waitForSelector('#app > *')
  return { page, troubles }
}

/** What axe finds serious or critical, with everything opened that opens. */
export async function graveFindings(page: Page) {
  for (const details of await page.locator('details').all()) {
    await details.evaluate((element: HTMLDetailsElement) => (element.open = true))
  }
  await page.locator('.chart-table table').last().waitFor()
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run())
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => [id, nodes[0]?.html, nodes[0]?.failureSummary])
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
