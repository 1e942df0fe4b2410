import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { judge } from '../../judge/judge.ts'
import { fold } from '../../record/fold.ts'
import { RunBuilder, threshold } from '../../record/testing.ts'
import { buildModel } from '../model.ts'
import { archiveOriginRun } from '../testing.ts'
import { chatRun } from '../testing-chat.ts'
import { renderJunit } from './junit.ts'

function junit(builder: RunBuilder): string {
  const record = fold(builder.events)
  return renderJunit(buildModel(record, judge(record)))
}

describe('renderJunit', () => {
  it.each([
    ['healthy', archiveOriginRun()],
    ['troubled', archiveOriginRun({ trouble: 1 })],
    ['killed', archiveOriginRun({ killed: true })],
  ] as const)('%s', async (name, builder) => {
    await expect(junit(builder)).toMatchFileSnapshot(`golden/${name}.xml`)
  })

  it('counts what it holds', () => {
    const xml = junit(archiveOriginRun({ trouble: 1 }))
    expect(xml).toContain('tests="8" failures="4" errors="0" skipped="0"')
    expect(xml.match(/<testcase /g)).toHaveLength(8)
    expect(xml.match(/<failure /g)).toHaveLength(4)
  })

  it('tells what became of deliveries, and of limits on them', () => {
    const lost = threshold({
      subject: 'delivery message',
      metric: 'lost',
      limit: '= 0',
      scope: { kind: 'delivery', name: 'message' },
      series: 'lost',
      statistic: { kind: 'value' },
      comparison: '=',
      value: 0,
      unit: 'count',
    })
    const xml = junit(chatRun({ trouble: 1, thresholds: [lost] }))
    expect(xml).toContain('message="delivery message lost: 380, limit = 0 (most in room-1 (76), room-2 (76)')
    expect(xml).toContain('message: 20000 expected, 19620 received, 0 late, 380 lost, 50 duplicated, 25 out of order')
  })

  it('stays XML whatever names hold', () => {
    const evil = `<a href="x">&'\u0000\u001b[31m\ud800]]>\n`
    const builder = new RunBuilder({
      name: evil,
      thresholds: [threshold({ subject: evil, limit: '< 1ms', scope: { kind: 'endpoint', name: evil } })],
    })
    const xml = junit(builder.interval({ series: [{ values: [5] }] }).end())
    expect(xml.replaceAll('\n', '')).not.toMatch(/\p{Cc}|\p{Surrogate}|<a /u)
    expect(xml).toContain('&lt;a href=&quot;x&quot;&gt;&amp;&apos;')
    expect(wellFormed(xml)).toBe('')
  })
})

/** What a real parser says against it; nothing is also said where there is none. */
function wellFormed(xml: string): string {
  try {
    execFileSync('xmllint', ['--noout', '-'], { input: xml, stdio: ['pipe', 'pipe', 'pipe'] })
    return ''
  } catch (error) {
    const { code, stderr } = error as { code?: string; stderr?: Buffer }
    return code === 'ENOENT' ? '' : String(stderr)
  }
}
