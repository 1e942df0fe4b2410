import pc from 'picocolors'
import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { judge } from '../../judge/judge.ts'
import type { RunEvent } from '../../record/events.ts'
import { fold } from '../../record/fold.ts'
import { RunBuilder } from '../../record/testing.ts'
import { buildModel, type ReportModel } from '../model.ts'
import { archiveOriginRun } from '../testing.ts'
import { chatRun } from '../testing-chat.ts'
import { renderFinal } from './final.ts'

const plain = { colors: pc.createColors(false), unicode: true }
const report = '.plimsoll/runs/latest/report.html'

function modelOf(events: readonly RunEvent[]): ReportModel {
  const record = fold(events)
  return buildModel(record, judge(record))
}

const healthy = modelOf(archiveOriginRun().events)
const troubled = modelOf(archiveOriginRun({ trouble: 1 }).events)
const chat = modelOf(chatRun().events)
const troubledChat = modelOf(chatRun({ trouble: 1 }).events)
/** Late starts, on a machine that does other work. */
const held = modelOf(
  archiveOriginRun().events.map((event) =>
    event.type === 'interval'
      ? {
          ...event,
          host: { ...event.host, cpuTotal: 1.9, cpuGenerator: 0.4, cpuSystem: 0.3 },
          series: event.series.map((one) =>
            one.metric === 'generator.lateness'
              ? { ...(event.series.find(({ metric }) => metric === 'http.response_time') ?? one), metric: one.metric }
              : one,
          ),
        }
      : event,
  ),
)
const killed = modelOf(archiveOriginRun({ killed: true }).events)

describe('renderFinal', () => {
  it.each([
    ['healthy-100', healthy, 100],
    ['troubled-120', troubled, 120],
    ['troubled-80', troubled, 80],
    ['troubled-50', troubled, 50],
    ['killed-80', killed, 80],
    ['invalid-80', held, 80],
    ['chat-100', chat, 100],
    ['chat-troubled-120', troubledChat, 120],
    ['chat-troubled-50', troubledChat, 50],
  ] as const)('%s', async (name, model, columns) => {
    await expect(renderFinal(model, { columns, style: plain, report })).toMatchFileSnapshot(`golden/${name}.txt`)
  })

  it('has a second line for what succeeded, where some failed', () => {
    const failedAtOnce = [
      { values: [0.5, 0.5, 40, 40], failed: 2 },
      { metric: 'http.failed_time', values: [0.5, 0.5], failed: 2 },
    ].flatMap((one) => [one, { ...one, scope: 'endpoint' as const, name: 'GET /' }])
    const model = modelOf(new RunBuilder().interval({ series: failedAtOnce }).end().events)
    const lines = renderFinal(model, { columns: 100, style: plain }).split('\n')
    const at = lines.findIndex((line) => line.includes('GET /'))
    expect(lines[at]).toMatch(/50\.0 % +≈0\.5 /)
    expect(lines[at + 1]).toMatch(/^ {4}succeeded +2 +≈40\.0 +≈40\.0 +≈40\.0 +≈40\.0 +≈40\.0$/)
  })

  it('is never wider than the terminal, but for the path of the report', () => {
    for (let columns = 36; columns <= 130; columns++) {
      const both = [troubled, troubledChat].map((model) => renderFinal(model, { columns, style: plain, report }))
      const lines = both.join('\n').split('\n')
      const tooWide = lines.filter((line) => stringWidth(line) > columns && !line.includes(report))
      expect(tooWide, `at ${columns} columns`).toEqual([])
    }
  })

  it('paints without changing the layout, and keeps it in ASCII', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences are what is taken out
    const bare = (text: string): string => text.replaceAll(/\u001b\[\d+m/g, '')
    const text = renderFinal(troubled, { columns: 100, style: plain, report })
    const painted = renderFinal(troubled, { columns: 100, style: { ...plain, colors: pc.createColors(true) }, report })
    expect(painted).not.toBe(text)
    expect(bare(painted)).toBe(text)
    const ascii = renderFinal(troubled, { columns: 100, style: { ...plain, unicode: false }, report })
    expect(ascii).toMatch(/^[\n -~]*$/)
    expect(ascii.split('\n').map((line) => line.length)).toEqual(text.split('\n').map((line) => stringWidth(line)))
  })

  it('lets nothing from outside reach the terminal as a command', () => {
    const evil = '\u001b]0;owned\u0007\u001b[2J\u009b31m\u202egnp.exe\r\n'
    const builder = new RunBuilder({ name: evil, profile: evil, url: evil })
      .interval({
        series: [{ values: [5] }, { scope: 'endpoint', name: evil, values: [5], failed: 1 }],
        checks: [{ name: evil, passed: 0, failed: 1 }],
        errors: [{ code: evil, name: evil, count: 1 }],
      })
      .add({
        type: 'fault',
        kind: 'threw',
        journey: evil,
        user: 1,
        message: evil,
        stack: `${evil}\n    at ${evil}`,
        count: 1,
      })
      .probe(evil, { [evil]: 1 })
    for (const line of renderFinal(modelOf(builder.end().events), { columns: 90, style: plain, report }).split('\n')) {
      expect(line).not.toMatch(/[\p{Cc}\u202e]/u)
    }
  })

  it('has something to say about a run of nothing', () => {
    const model = modelOf(new RunBuilder().end({ kind: 'error', code: 'SETUP_FAILED', message: 'setup threw' }).events)
    const text = renderFinal(model, { columns: 80, style: plain, report: undefined })
    expect(text).toContain('✗ ERROR  The run failed: setup threw')
    expect(text).not.toContain('NaN')
  })
})
