import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { judge } from '../../judge/judge.ts'
import { fold } from '../../record/fold.ts'
import { RunBuilder, threshold } from '../../record/testing.ts'
import { buildModel } from '../model.ts'
import { archiveOriginRun } from '../testing.ts'
import { renderAnnotations } from './annotations.ts'
import { thresholdLine } from './threshold-line.ts'

const annotations = (builder: RunBuilder): string[] => {
  const record = fold(builder.events)
  return renderAnnotations(buildModel(record, judge(record)), process.cwd())
    .split('\n')
    .slice(0, -1)
}

describe('renderAnnotations', () => {
  it('is silent when all is well', () => {
    expect(annotations(archiveOriginRun())).toEqual([])
  })

  it('puts each missed threshold on its line of the plan', () => {
    expect(annotations(archiveOriginRun({ trouble: 1 }))).toEqual([
      '::error file=plans/archive-origin.plan.ts,line=6,title=Archive Origin smoke%3A missed::POST /lock-proof p95 should be < 300ms: 399 ms [307, 496]',
      '::error file=plans/archive-origin.plan.ts,line=6,title=Archive Origin smoke%3A missed::POST /lock-proof p99 should be < 500ms: 601 ms [504, 733] (few samples for p99: 1,000 that are worth 594 independent ones)',
      '::error file=plans/archive-origin.plan.ts,line=8,title=Archive Origin smoke%3A missed::errors share should be < 1%25: 3.33 %25',
      '::error file=plans/archive-origin.plan.ts,line=12,title=Archive Origin smoke%3A no data::GET /nowhere p95 should be < 50ms: no data (no request was named "GET /nowhere"; seen: GET /ledger, GET /health, POST /lock-proof, POST /device/enroll)',
    ])
  })

  it('finds the line of a limit that was scaled, and says how', () => {
    const rate = { metric: 'rate', statistic: { kind: 'rate' }, unit: '1/s', comparison: '>=', value: 50 } as const
    const builder = new RunBuilder({
      file: resolve('a.plan.ts'),
      source: "thresholds: {\n  http: { rate: '>= 500/s' },\n}",
      thresholds: [
        threshold({
          ...rate,
          subject: 'http',
          limit: '>= 500/s',
          scaledLimit: '>= 50/s (500/s × 0.1)',
          scope: { kind: 'all' },
        }),
      ],
    })
    const [first] = annotations(builder.interval({ series: [{ values: [1] }] }).end())
    expect(first).toContain('line=2,')
    expect(first).toContain('http rate should be >= 50/s (500/s × 0.1): 1.00/s')
  })

  it('cannot be made to give another command', () => {
    const evil = 'x\n::error::owned, a: b%'
    const builder = new RunBuilder({
      name: evil,
      file: resolve('a,b.plan.ts'),
      thresholds: [threshold({ subject: evil, scope: { kind: 'endpoint', name: evil } })],
    })
    const [first, ...rest] = annotations(builder.interval({ series: [{ values: [1] }] }).end())
    expect(rest).toEqual([])
    expect(first).toMatch(
      /^::error file=a%2Cb\.plan\.ts,title=x%0A%3A%3Aerror%3A%3Aowned%2C a%3A b%25 normal%3A no data::x%0A/,
    )
  })
})

describe('thresholdLine', () => {
  const source = [
    'thresholds: {',
    "  'GET /a': { p95: '< 1s', p99: '< 2s' },",
    '  process: {',
    "    cpu: '< 80%',",
    '    memory: "< 512MB",',
    '  },',
    "  postgres: { 'query p95': '< 50ms' },",
    '}',
  ].join('\n')

  it.each([
    ['GET /a', 'p99', '< 2s', 2],
    ['process', 'cpu', '< 80%', 4],
    ['process', 'memory', '< 512MB', 5],
    ['postgres', 'query p95', '< 50ms', 7],
    ['GET /b', 'p95', '< 1s', undefined],
    ['GET /a', 'p95', '< 3s', undefined],
  ])('finds %s %s %s on line %s', (subject, metric, limit, line) => {
    expect(thresholdLine(source, { subject, metric, limit })).toBe(line)
  })
})
