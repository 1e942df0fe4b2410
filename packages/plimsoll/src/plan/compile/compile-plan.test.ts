import { describe, expect, test } from 'vitest'
import { PlimsollError } from '../../base/errors.ts'
import { seconds } from '../../base/units.ts'
import type { CompiledPlan, CompiledProfile } from '../compiled.ts'
import { journey } from '../journey.ts'
import { arrivals } from '../load/arrivals.ts'
import { users } from '../load/users.ts'
import { type PlanDefinition, plan } from '../plan.ts'
import { formatProblem } from '../problem.ts'
import { compile } from './compile.ts'
import { compilePlan } from './compile-plan.ts'

const browse = journey('browse', { weight: 3, think: '1s..3s' }, () => {})
const buy = journey('buy', () => {})
const good = {
  name: 'Shop',
  system: { url: 'http://127.0.0.1:3000' },
  journeys: [browse, buy],
  profiles: { normal: { load: users(10).for('5m') } },
}

/** A plan as plain JavaScript would make it. */
const loose = (changes: Record<string, unknown>): PlanDefinition => plan({ ...good, ...changes } as never)

function compiled(changes: Record<string, unknown> = {}): CompiledPlan {
  const result = compilePlan(loose(changes))
  if ('problems' in result) throw new Error(result.problems.map(formatProblem).join('\n'))
  return result.plan
}

function problemsOf(changes: Record<string, unknown>): readonly string[] {
  const result = compilePlan(loose(changes))
  return 'problems' in result
    ? result.problems.map(({ path, got, hint }) => `${path}: ${got}${hint ? ` (${hint})` : ''}`)
    : []
}

const only = (plan: CompiledPlan): CompiledProfile => plan.profiles['normal'] as CompiledProfile

describe('a good plan', () => {
  test('gets every default', () => {
    expect(compiled()).toMatchObject({
      name: 'Shop',
      system: { url: 'http://127.0.0.1:3000', start: undefined, ready: undefined, stopTimeout: 10_000 },
      allow: [],
      http: {
        version: 1,
        timeout: { connect: 10_000, firstByte: 30_000, total: 60_000 },
        connections: 6,
        redirects: 10,
      },
      journeys: [
        { name: 'browse', weight: 3, think: { kind: 'uniform', min: 1000, max: 3000 }, timeout: 300_000 },
        { name: 'buy', weight: 1, think: undefined, pace: undefined },
      ],
      probes: { process: undefined, postgres: undefined, redis: undefined, prometheus: undefined, every: 1000 },
      seed: 1,
    })
    expect(only(compiled())).toEqual({
      name: 'normal',
      outages: [],
      shapes: [
        {
          model: 'closed',
          name: 'users',
          startAfter: 0,
          journeys: ['browse', 'buy'],
          gracefulStop: 30_000,
          stages: [{ kind: 'hold', duration: 300_000, from: 10, to: 10 }],
        },
      ],
      warmUp: 0,
      judge: 'steady',
      until: undefined,
      thresholds: [],
      tags: {},
    })
  })

  test('gets every shape of load, side by side', () => {
    const load = [
      users.ramp('1m', 500).hold('10m').rampDown('30s').named('crowd').journeys(browse),
      users(4).iterations(20).journeys('buy'),
      users(4).iterations(100, { shared: true, maxDuration: '2m' }).after('10s'),
      arrivals(200).for('5m').even().max(50).gracefulStop('0s'),
      arrivals.ramp('10m', 5000),
    ]
    const shapes = only(compiled({ profiles: { normal: { load } } })).shapes
    expect(shapes.map(({ name }) => name)).toEqual(['crowd', 'iterations', 'iterations 2', 'arrivals', 'arrivals 2'])
    expect(shapes).toMatchObject([
      {
        journeys: ['browse'],
        stages: [
          { kind: 'ramp', duration: 60_000, from: 0, to: 500 },
          { kind: 'hold', duration: 600_000, from: 500, to: 500 },
          { kind: 'ramp', duration: 30_000, from: 500, to: 0 },
        ],
      },
      { model: 'iterations', users: 4, iterations: 20, per: 'user', maxDuration: 600_000, journeys: ['buy'] },
      { iterations: 100, per: 'shared', maxDuration: 120_000, startAfter: 10_000 },
      { model: 'open', spacing: 'even', maxUsers: 50, gracefulStop: 0 },
      { spacing: 'poisson', maxUsers: 10_000 },
    ])
  })

  test('judges a load that only ramps on all of it', () => {
    expect(only(compiled({ profiles: { normal: { load: arrivals.ramp('1m', 50) } } })).judge).toBe('all')
  })

  test('knows when a system is broken', () => {
    const until = (value: unknown) =>
      only(compiled({ profiles: { normal: { load: good.profiles.normal.load, until: value } } })).until
    expect(until('broken')).toEqual({ errors: 0.1, p95: 10_000, dropped: 0.1, for: 10_000 })
    expect(until({ errors: '5%', p95: '2s' })).toEqual({ errors: 0.05, p95: 2000, dropped: 0.1, for: 10_000 })
  })

  test('starts its system without a shell, from the folder of the plan', () => {
    const { system, probes } = compiled({
      env: { PORT: 3000 },
      system: { url: 'http://[::1]:3000', start: `node 'my server.js' --fast`, ready: '/health' },
    })
    expect(system.start).toEqual({
      command: ['node', 'my server.js', '--fast'],
      cwd: process.cwd(),
      env: { PORT: '3000' },
    })
    expect(system.ready).toEqual({ path: '/health', timeout: 60_000 })
    expect(probes.process).toEqual({ pid: undefined })
  })

  test('finds a Postgres whose URL will be in a file, which counts from the folder of the plan', () => {
    const { probes } = compiled({ probes: { postgres: 'file:data/database-url' } })
    expect(probes.postgres?.url).toBe(`file:${process.cwd()}/data/database-url`)
  })

  test('has profile thresholds replace the same ones of the plan', () => {
    const plan = compiled({
      thresholds: { 'POST /buy': { p95: '< 300ms', p99: '< 1s' }, errors: '< 1%' },
      profiles: {
        normal: { load: good.profiles.normal.load, thresholds: { 'POST /buy': { p95: '< 500ms' }, dropped: '= 0' } },
      },
    })
    expect(only(plan).thresholds.map(({ subject, metric, limit }) => `${subject} ${metric} ${limit}`)).toEqual([
      'POST /buy p95 < 500ms',
      'POST /buy p99 < 1s',
      'errors share < 1%',
      'dropped count = 0',
    ])
  })
})

describe('a bad plan', () => {
  test('is answered with all of its problems at once', () => {
    expect(
      problemsOf({
        name: '',
        journies: [],
        system: { url: 'localhost:3000', redy: '/health' },
        http: { timeout: 5, conections: 2 },
        profiles: {
          normal: { load: users(-1).for('5m').journeys('brows'), warmup: '1m' },
          peak: { load: users(10) },
        },
        thresholds: { 'POST /buy': { p95: '< 300 cats' } },
      }),
    ).toEqual([
      "name: ''",
      "system.url: 'localhost:3000' (did you mean 'http://localhost:3000'?)",
      "system.redy: an unknown key (did you mean 'ready'?)",
      "thresholds['POST /buy'].p95: '< 300 cats'",
      "profiles.normal.load.journeys: 'brows' (did you mean 'browse'?)",
      'profiles.normal.load: users(-1) as the start',
      "profiles.normal.warmup: an unknown key (did you mean 'warmUp'?)",
      "profiles.peak.load: a load without a duration (say for how long: users(100).for('5m'))",
      "http.timeout: 5 (did you mean '5s' or '5ms'?)",
      "http.conections: an unknown key (did you mean 'connections'?)",
      "journies: an unknown key (did you mean 'journeys'?)",
    ])
  })

  const load = good.profiles.normal.load
  const profile = (value: unknown) => ({ profiles: { normal: value } })
  test.each([
    ['no system', { system: undefined }, 'system.url: nothing'],
    ['no journeys', { journeys: [] }, 'journeys: []'],
    ['journeys that are functions', { journeys: [() => {}] }, 'journeys[0]: a function'],
    ['two journeys of one name', { journeys: [browse, journey('browse', () => {})] }, "journeys[1].name: 'browse'"],
    ['a journey without a function', { journeys: [journey('x', {}, undefined as never)] }, 'journeys[0]: nothing'],
    ['weights that are all 0', { journeys: [journey('x', { weight: 0 }, () => {})] }, 'weights that are all 0'],
    ['a weight below 0', { journeys: [journey('x', { weight: -1 }, () => {})] }, 'journeys[0].weight: -1'],
    [
      'a think time that runs backwards',
      { journeys: [journey('x', { think: '3s..1s' }, () => {})] },
      "think: '3s..1s'",
    ],
    ['no profiles', { profiles: {} }, 'profiles: nothing'],
    ['a profile without a load', profile({}), 'profiles.normal.load: nothing'],
    ['a load of numbers', profile({ load: 100 }), 'profiles.normal.load: 100'],
    ['a load of no shapes', profile({ load: [] }), 'profiles.normal.load: []'],
    ['half a user', profile({ load: users(1.5).for('1m') }), 'users(1.5) as the start'],
    ['NaN arrivals', profile({ load: arrivals(Number.NaN).for('1m') }), 'arrivals(NaN) as the start'],
    ['no users at all', profile({ load: users(0).for('1m') }), '0 users throughout'],
    ['no time', profile({ load: users(1).for('0s') }), "load.stages[0].duration: '0s'"],
    ['a bare number as time', profile({ load: users(1).for(60 as never) }), 'load.stages[0].duration: 60'],
    ['no iterations', profile({ load: users(1).iterations(0) }), 'load.iterations: 0'],
    ['two shapes of one name', profile({ load: [load.named('a'), load.named('a')] }), "load[1].name: 'a'"],
    [
      'a shape of journeys that never run',
      {
        journeys: [browse, journey('idle', { weight: 0 }, () => {})],
        profiles: { normal: { load: load.journeys('idle') } },
      },
      "load.journeys: 'idle'",
    ],
    ['a shape without journeys', profile({ load: load.journeys() }), 'load.journeys: []'],
    ['a warm-up as long as the load', profile({ load, warmUp: '5m' }), "warmUp: '5m'"],
    ['a steady part of a ramp', profile({ load: users.ramp('1m', 5), judge: 'steady' }), "judge: 'steady'"],
    ['an unknown way to end', profile({ load, until: 'dead' }), "until: 'dead'"],
    ['errors as a number', profile({ load, until: { errors: 0.1 } }), 'until.errors: 0.1'],
    ['a shell line', { system: { url: 'http://a', start: 'cd x && node y' } }, 'system.start'],
    ['a wrong URL', { system: { url: 'ftp://a' } }, "system.url: 'ftp://a'"],
    ['a URL in allow', { allow: ['https://example.com/x'] }, "allow: 'https://example.com/x'"],
    ['cert without key', { http: { tls: { cert: '-----BEGIN' } } }, 'http.tls.cert'],
    ['a missing PEM file', { http: { tls: { ca: 'none.pem' } } }, "http.tls.ca: 'none.pem'"],
    ['a source address that is none', { http: { sourceAddresses: '127.0.0.0/33' } }, "sourceAddresses: '127.0.0.0/33'"],
    ['a Redis that is none', { probes: { redis: 'http://u:p@h/' } }, "probes.redis: 'http://u:…@h/'"],
    ['a Postgres that is none', { probes: { postgres: 'mysql://u:p@h/d' } }, "probes.postgres: 'mysql://u:…@h/d'"],
    ['setup that is no function', { setup: {} }, 'setup: {}'],
    ['a seed that is no number', { seed: 'x' }, "seed: 'x'"],
    ['a bare limit of an endpoint', { thresholds: { 'GET /': '< 1s' } }, "name the metric: { p95: '< 1s' }"],
    ['a near miss of a subject', { thresholds: { error: '< 1%' } }, "did you mean 'errors'?"],
    ['a delivery with a bare limit', { thresholds: { 'delivery message': '= 0' } }, "name the metric: { lost: '= 0' }"],
    ['a misspelt fate', { thresholds: { 'delivery message': { duplicate: '= 0' } } }, "did you mean 'duplicated'?"],
    ['a count as a time', { thresholds: { 'delivery message': { lost: '< 3ms' } } }, "lost: '< 3ms'"],
    ['a delivery of nothing', { thresholds: { delivery: { p95: '< 1s' } } }, 'thresholds.delivery'],
    [
      'a metric that is none',
      { thresholds: { http: { p95x: '< 1s' } } },
      "thresholds.http.p95x: 'p95x' (did you mean 'p95'?)",
    ],
    ['an average', { thresholds: { http: { avg: '< 1s' } } }, "did you mean 'mean'?"],
    ['a limit as a number', { thresholds: { http: { p95: 300 } } }, 'thresholds.http.p95: 300'],
    [
      'a wrong delay of abort',
      { thresholds: { errors: { limit: '< 1%', abort: { after: 10 } } } },
      'errors.abort.after: 10',
    ],
    ['a tag without a value', { thresholds: { 'tag plan': { p95: '< 1s' } } }, "thresholds['tag plan']"],
  ])('%s', (_, changes, expected) => {
    const problems = problemsOf(changes)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(expected)
  })

  test('points at the character', () => {
    const result = compilePlan(loose({ thresholds: { 'POST /buy': { p95: '< 300 cats' } } }))
    expect('problems' in result && result.problems.map(formatProblem)).toEqual([
      [
        "thresholds['POST /buy'].p95",
        "  got       '< 300 cats'",
        '                   ^',
        "  expected  a time: us, ms, s, m or h, as in '< 300ms'",
      ].join('\n'),
    ])
  })

  test.each([
    [undefined, 'nothing'],
    [Promise.resolve(), 'a promise'],
    [() => {}, 'a function'],
    [good, '{ name, system, journeys, profiles }'],
    ['x', "'x'"],
    [null, 'null'],
  ])('an export that no plan() made', (value, got) => {
    const result = compilePlan(value)
    expect('problems' in result && result.problems).toMatchObject([{ path: 'export default', got }])
  })

  test('plan() without anything', () => {
    const result = compilePlan(plan(undefined as never))
    expect('problems' in result && result.problems).toMatchObject([{ path: 'plan()', got: 'nothing' }])
  })
})

describe('compile', () => {
  test('takes the named profile, or `smoke`, or the first, and scales it', () => {
    const definition = loose({ profiles: { normal: good.profiles.normal, smoke: { load: users(1).for('30s') } } })
    expect(compile(definition).profile.name).toBe('smoke')
    expect(compile(loose({})).profile.name).toBe('normal')
    const { profile } = compile(definition, { profile: 'normal', scale: 0.1, duration: seconds(20), url: 'http://b' })
    expect(profile.shapes[0]).toMatchObject({ stages: [{ from: 1, to: 1, duration: 20_000 }] })
  })

  test('says what is wrong with the plan or the command', () => {
    const thrown = (run: () => unknown) => {
      try {
        run()
      } catch (error) {
        return error as PlimsollError
      }
      throw new Error('nothing was thrown')
    }
    const invalid = thrown(() => compile(loose({ name: 1, seed: 'x' })))
    expect(invalid).toBeInstanceOf(PlimsollError)
    expect(invalid).toMatchObject({ code: 'PLAN_INVALID', message: 'the plan has 2 problems', exitCode: 2 })
    expect(invalid.details).toHaveLength(2)
    expect(thrown(() => compile(loose({}), { profile: 'normla' })).hint).toBe("did you mean 'normal'?")
    expect(thrown(() => compile(loose({}), { scale: 0 })).message).toContain('--scale 0')
    expect(thrown(() => compile(loose({}), { duration: seconds(Number.NaN) })).message).toContain('--duration')
    expect(thrown(() => compile(loose({}), { url: 'nowhere' })).details[0]).toContain('--url')
  })
})
