import { describe, expect, it } from 'vitest'
import { bucketQuantile, type CountedBuckets } from '../../record/counted.ts'
import { evaluate } from './evaluate.ts'
import { parseExposition } from './exposition.ts'
import type { PrometheusFigure } from './figure.ts'
import { explainMissing } from './missing.ts'
import { Scrape } from './scrape.ts'

const scrape = (at: number, ...lines: string[]) =>
  new Scrape(
    at,
    parseExposition(lines.join('\n'), () => true),
  )
const counter = (metric: string, where = {}): PrometheusFigure => ({ kind: 'counter', metric, where, factor: 1 })
const histogram = (metric: string, where = {}): PrometheusFigure => ({ kind: 'histogram', metric, where, factor: 1000 })

const hits = { metric: 'hits_total', where: { cache: ['a', 'b'] } }
const misses = { metric: 'misses_total', where: {} }
const hitRate: PrometheusFigure = { kind: 'share', part: hits, whole: [hits, misses] }

describe('gauge', () => {
  const gauge: PrometheusFigure = { kind: 'gauge', metric: 'open', where: { kind: ['ws'] }, factor: 1 }

  it('is what its series add up to', () => {
    const page = scrape(0, 'open{kind="ws",n="1"} 3', 'open{kind="ws",n="2"} 4', 'open{kind="http"} 9')
    expect(evaluate('open', gauge, page, page)).toEqual({ open: 7 })
  })

  it('is nothing where no series matches, or it is no number', () => {
    for (const page of [scrape(0, 'open{kind="http"} 9'), scrape(0, 'open{kind="ws"} NaN')]) {
      expect(evaluate('open', gauge, page, page)).toEqual({})
    }
  })
})

describe('counter', () => {
  it('is its growth per second, series that came meanwhile included', () => {
    const before = scrape(1000, 'n_total{x="a"} 10')
    const now = scrape(3000, 'n_total{x="a"} 30', 'n_total{x="b"} 4')
    expect(evaluate('n', counter('n_total'), before, now)).toEqual({ n: 12 })
  })

  it('counts from 0 after it began anew, and never backwards', () => {
    expect(evaluate('n', counter('n_total'), scrape(0, 'n_total 100'), scrape(1000, 'n_total 5'))).toEqual({ n: 5 })
    expect(evaluate('n', counter('n_total'), scrape(0, 'n_total 1'), scrape(1000, 'n_total NaN'))).toEqual({ n: 0 })
  })

  it('is 0 while a known metric has counted nothing, and nothing where a label may be wrong', () => {
    const page = scrape(0, '# TYPE n_total counter')
    const later = scrape(1000, '# TYPE n_total counter')
    expect(evaluate('n', counter('n_total'), page, later)).toEqual({ n: 0 })
    expect(evaluate('n', counter('n_total', { x: ['a'] }), page, later)).toEqual({})
    expect(evaluate('n', counter('m_total'), page, later)).toEqual({})
  })
})

describe('share', () => {
  it('is counted in parts, so that it can be added up', () => {
    const before = scrape(0, 'hits_total{cache="a"} 5', 'misses_total 5')
    const now = scrape(1000, 'hits_total{cache="a"} 8', 'hits_total{cache="c"} 50', 'misses_total 6')
    expect(evaluate('hit rate', hitRate, before, now)).toEqual({ 'hit rate': { kind: 'share', part: 3, whole: 4 } })
  })

  it('is whole while one of its counters has counted nothing, and another proves the labels right', () => {
    const labels = { cache: ['a'] }
    const [found, missed] = [
      { metric: 'hits_total', where: labels },
      { metric: 'misses_total', where: labels },
    ]
    const page = scrape(1000, 'hits_total{cache="a"} 5', 'misses_total{cache="b"} 1')
    const share = (whole: typeof found): PrometheusFigure => ({ kind: 'share', part: found, whole: [found, whole] })
    expect(evaluate('x', share(missed), scrape(0), page)).toEqual({ x: { kind: 'share', part: 5, whole: 5 } })
    expect(evaluate('x', share({ ...missed, where: { cache: ['c'] } }), scrape(0), page)).toEqual({})
  })

  it('is nothing while one of its counters is not there', () => {
    const page = scrape(0, 'hits_total{cache="a"} 5')
    expect(evaluate('hit rate', hitRate, page, page)).toEqual({})
  })
})

describe('histogram', () => {
  const page = (at: number, [one, two, all, sum]: [number, number, number, number], label = '') =>
    scrape(
      at,
      `t_bucket{le="0.1"${label}} ${one}`,
      `t_bucket{le="0.5"${label}} ${two}`,
      `t_bucket{le="+Inf"${label}} ${all}`,
      `t_sum{${label.slice(1)}} ${sum}`,
      `t_count{${label.slice(1)}} ${all}`,
    )

  it('is what it observed, in its own buckets and the unit of the figure, and how often', () => {
    const found = evaluate('t', histogram('t'), page(0, [10, 10, 10, 1]), page(2000, [60, 100, 110, 21]))
    expect(found).toEqual({
      t: { kind: 'buckets', bounds: [100, 500], counts: [50, 40, 10], sum: 20_000 },
      't rate': 50,
    })
    expect(bucketQuantile(found['t'] as CountedBuckets, 0.7)?.value).toBe(300)
  })

  it('begins anew with its counts, though its sum is higher than before', () => {
    const found = evaluate('t', histogram('t'), page(0, [10, 10, 10, 1]), page(1000, [0, 0, 2, 3]))
    expect(found['t']).toMatchObject({ counts: [0, 0, 2], sum: 3000 })
  })

  it('adds up series of different bounds as Prometheus does: a bucket has no less than the one below it', () => {
    const before = scrape(0)
    const now = scrape(
      1000,
      't_bucket{x="a",le="1"} 10',
      't_bucket{x="a",le="+Inf"} 10',
      't_count{x="a"} 10',
      't_bucket{x="b",le="2"} 4',
      't_bucket{x="b",le="+Inf"} 4',
      't_count{x="b"} 4',
      't_sum{x="a"} 5',
    )
    expect(evaluate('t', histogram('t'), before, now)['t']).toMatchObject({ bounds: [1000, 2000], counts: [10, 0, 4] })
  })

  it('is a mean only where it is a summary', () => {
    const found = evaluate('t', histogram('t'), scrape(0, 't_count 1', 't_sum 1'), scrape(1000, 't_count 3', 't_sum 2'))
    expect(found['t']).toEqual({ kind: 'buckets', bounds: [], counts: [2], sum: 1000 })
  })

  it('is nothing where its labels match nothing, or its buckets are beyond number', () => {
    const one = page(0, [1, 1, 1, 1], ',x="a"')
    expect(evaluate('t', histogram('t', { x: ['b'] }), one, one)).toEqual({})
    const many = scrape(0, 't_count 1', ...Array.from({ length: 201 }, (_, i) => `t_bucket{le="${i}"} 1`))
    expect(evaluate('t', histogram('t'), many, many)).toEqual({})
  })
})

describe('explainMissing', () => {
  const page = scrape(
    0,
    '# TYPE redis_command_duration_seconds histogram',
    'redis_command_duration_seconds_count 3',
    '# TYPE hits_total counter',
    'hits_total{cache="rooms"} 1',
    '# TYPE misses_total counter',
    '# TYPE open gauge',
    'open NaN',
  )
  const explain = (figure: PrometheusFigure) => explainMissing(figure, page, 'http://h/metrics')

  it.each<[PrometheusFigure, RegExp]>([
    [
      histogram('redis_comand_duration_seconds'),
      /http:\/\/h\/metrics has no metric "redis_comand_duration_seconds"; did you mean "redis_command_duration_seconds"\?/,
    ],
    [histogram('open'), /is a gauge, and no histogram/],
    [counter('hits_total', { cache: ['room'] }), /no series of "hits_total" has cache="room"; did you mean "rooms"\?/],
    [counter('hits_total', { cach: ['rooms'] }), /"hits_total" has no label "cach"; did you mean "cache"\?/],
    [counter('misses_total', { cache: ['rooms'] }), /"misses_total" .* has no series: nothing was counted/],
    [{ kind: 'share', part: hits, whole: [misses] }, /no series of "hits_total" has cache="a" or "b"/],
    [{ kind: 'gauge', metric: 'open', where: {}, factor: 1 }, /open of .* nothing that can be read/],
  ])('%j', (figure, message) => {
    expect(explain(figure)).toMatch(message)
  })
})
