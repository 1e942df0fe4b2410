import { describe, expect, it } from 'vitest'
import type { FigureOptions } from '../options.ts'
import type { Problem } from '../problem.ts'
import { checkFigures } from './figure-limits.ts'
import { compilePrometheus } from './prometheus.ts'
import { Reader } from './reader.ts'
import { compileThresholds } from './thresholds.ts'

function compile(prometheus: unknown, limits?: Readonly<Record<string, string>>) {
  const problems: Problem[] = []
  const compiled = compilePrometheus(new Reader({ prometheus }, 'probes', problems), 'http://127.0.0.1:3000')
  if (limits !== undefined) {
    compileThresholds(new Reader({ prometheus: limits }, 'thresholds', problems), compiled?.figures)
  }
  return {
    compiled,
    problems: problems.map(({ path, got, expected, hint }) => [path, got, expected, hint].join(' | ')),
  }
}
const figure = (options: FigureOptions) => compile({ figures: { it: options } }).compiled?.figures['it']

const hits = { counter: 'cache_hits_total', where: { cache: ['rooms', 'users'] } }
const figures = {
  commands: { histogram: 'redis_command_duration_seconds' },
  'hit rate': { share: hits, of: [hits, { counter: 'cache_misses_total' }] },
  open: { gauge: 'websocket_active_connections' },
  requests: { counter: 'http_requests_total', where: { method: 'GET' } },
}

describe('compilePrometheus', () => {
  it('reads figures, and counts a path from the system', () => {
    const { compiled, problems } = compile({ figures })
    expect(problems).toEqual([])
    expect(compiled?.url).toBe('http://127.0.0.1:3000/metrics')
    const [rooms, misses] = [
      { metric: 'cache_hits_total', where: { cache: ['rooms', 'users'] } },
      { metric: 'cache_misses_total', where: {} },
    ]
    expect(compiled?.figures).toEqual({
      commands: { kind: 'histogram', metric: 'redis_command_duration_seconds', where: {}, unit: 'ms', factor: 1000 },
      'hit rate': { kind: 'share', unit: 'ratio', part: rooms, whole: [rooms, misses] },
      open: { kind: 'gauge', metric: 'websocket_active_connections', where: {}, unit: 'count', factor: 1 },
      requests: { kind: 'counter', metric: 'http_requests_total', where: { method: ['GET'] }, unit: '1/s', factor: 1 },
    })
  })

  it.each<[FigureOptions, string, number]>([
    [{ gauge: 'process_resident_memory_bytes' }, 'B', 1],
    [{ gauge: 'nodejs_eventloop_lag_seconds' }, 'ms', 1000],
    [{ gauge: 'queue', unit: 'ms' }, 'ms', 1],
    [{ counter: 'process_cpu_seconds_total' }, 'ratio', 1],
    [{ counter: 'sent_bytes_total' }, 'B/s', 1],
    [{ histogram: 'message_delivery_time_ms' }, 'ms', 1],
    [{ histogram: 'size' }, 'count', 1],
  ])('%j is in %s', (options, unit, factor) => {
    expect(figure(options)).toMatchObject({ unit, factor })
  })

  it.each([
    [{}, 'probes.prometheus.figures | nothing'],
    [{ url: 'http://u:secret@h:x/', figures }, "probes.prometheus.url | 'http://u:…@h:x/'"],
    [{ figures: { a: { gauge: 'g', counter: 'c' } } }, 'probes.prometheus.figures.a | gauge and counter'],
    [{ figures: { a: {} } }, 'probes.prometheus.figures.a | none of them'],
    [{ figures: { a: { gauge: 'g{x="1"}' } } }, 'labels go into `where`'],
    [{ figures: { a: { gauge: 'g', were: {} } } }, "did you mean 'where'?"],
    [{ figures: { a: { gauge: 'g', unit: 'sec' } } }, "probes.prometheus.figures.a.unit | 'sec'"],
    [{ figures: { a: { share: { counter: 'c' } } } }, 'probes.prometheus.figures.a.of'],
    [{ figures: { 'a p95': { gauge: 'g' } } }, 'a name that does not end in p95'],
    [{ figures: { a: { histogram: 'h' }, 'a rate': { gauge: 'g' } } }, 'another name'],
  ])('%j is not taken', (prometheus, problem) => {
    expect(compile(prometheus).problems.join('\n')).toContain(problem)
  })
})

describe('checkFigures', () => {
  it('has nothing against figures in their units', () => {
    const limits = {
      'commands p95': '< 5ms',
      'commands p99.9': '< 1s',
      'commands mean': '< 3ms',
      'commands rate': '> 10/s',
      'hit rate': '> 80%',
      'hit rate min': '> 50%',
      open: '< 500',
      'requests max': '< 5000/s',
    }
    expect(compile({ figures }, limits).problems).toEqual([])
  })

  it.each([
    [{ 'comands p95': '< 5ms' }, "did you mean 'commands p95'?"],
    [{ commands: '< 5ms' }, 'a figure of `probes.prometheus`: commands p50'],
    [{ 'commands max': '< 5ms' }, 'a figure of `probes.prometheus`: commands p50'],
    [{ 'commands p95': '< 5%' }, "a time, as in '< 300ms'"],
    [{ open: '< 5ms' }, 'if the metric has a unit, say so'],
    [{ requests: '> 5' }, 'a rate'],
  ])('%j is not taken', (limits, problem) => {
    expect(compile({ figures }, limits).problems.join('\n')).toContain(problem)
  })

  it('takes no limit where nothing is watched', () => {
    const problems: Problem[] = []
    const reader = new Reader({ prometheus: { x: '< 1' } }, 'thresholds', problems)
    checkFigures(reader, compileThresholds(reader, undefined), undefined)
    expect(problems[0]?.expected).toContain('which has none')
  })
})
