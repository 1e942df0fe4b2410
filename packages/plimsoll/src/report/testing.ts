import { millis } from '../base/units.ts'
import type { Exemplar } from '../record/events.ts'
import { RunBuilder, type SeriesInput, threshold } from '../record/testing.ts'

/** A run for tests of reports, as the Archive Origin plan makes them. Not for production code. */

const SECONDS = 30
const RAMP = 5

export interface ReportFixture {
  /** From healthy (0) to a system in trouble (1): slower, failing, with faults in the plan. */
  readonly trouble?: 0 | 1
  /** The run's last event is missing, as after `kill -9`. */
  readonly killed?: boolean
}

const source = `import { plan, journey, users } from 'plimsoll'

export default plan({
  name: 'Archive Origin',
  thresholds: {
    'POST /lock-proof': { p95: '< 300ms', p99: '< 500ms', rate: '>= 20/s' },
    'GET /ledger': { p95: '< 1s' },
    errors: '< 1%',
    process: {
      cpu: '< 80%',
    },
    'GET /nowhere': { p95: '< 50ms' },
  },
})
`

const endpoints = [
  { name: 'POST /lock-proof', perSecond: 40, median: 18, spread: 0.6 },
  { name: 'GET /ledger', perSecond: 12, median: 42, spread: 0.4 },
  { name: 'GET /health', perSecond: 8, median: 1.4, spread: 0.3 },
]

export function archiveOriginRun({ trouble = 0, killed = false }: ReportFixture = {}): RunBuilder {
  const normal = noise(7)
  const thresholds = planThresholds(trouble)
  const builder = new RunBuilder({
    name: 'Archive Origin',
    file: 'plans/archive-origin.plan.ts',
    source,
    profile: 'smoke',
    journeys: [{ name: 'lock a proof', weight: 3 }],
    shapes: [
      {
        model: 'closed',
        name: 'users',
        startAfter: millis(0),
        journeys: ['lock a proof'],
        gracefulStop: millis(30_000),
        stages: [
          { kind: 'ramp', duration: millis(RAMP * 1000), from: 0, to: 60 },
          { kind: 'hold', duration: millis((SECONDS - RAMP) * 1000), from: 60, to: 60 },
        ],
      },
    ],
    thresholds,
    duration: millis(SECONDS * 1000),
  })
  for (let second = 0; second < SECONDS; second++) {
    const isRamp = second < RAMP
    const load = isRamp ? (second + 1) / (RAMP + 1) : 1
    const slow = 1 + trouble * 14 * (second / SECONDS) ** 2
    const failed = Math.round(trouble * load * 2)
    const draw = (count: number, median: number, spread: number): number[] =>
      Array.from({ length: Math.round(count * load) }, () => median * slow * Math.exp(spread * normal()))
    const traffic = endpoints.map(({ name, perSecond, median, spread }, index) => ({
      scope: 'endpoint' as const,
      name,
      values: draw(perSecond, median, spread),
      failed: index === 0 ? failed : 0,
    }))
    const once: SeriesInput[] =
      second === 0 ? [{ scope: 'endpoint', name: 'POST /device/enroll', values: [61, 74, 88] }] : []
    const all: SeriesInput = { values: [...once, ...traffic].flatMap(({ values }) => values), failed }
    const lateness: SeriesInput = { metric: 'generator.lateness', values: all.values.map((value) => value / 1000) }
    const done = Math.round(40 * load)
    builder
      .interval({
        phase: isRamp ? 'ramp' : 'steady',
        series: [
          all,
          ...traffic,
          ...once,
          lateness,
          { metric: 'journey.duration', scope: 'journey', name: 'lock a proof', values: draw(40, 80, 0.3) },
          { metric: 'step.duration', scope: 'step', name: 'verify the chain', values: draw(12, 47, 0.4) },
        ],
        shapes: [
          {
            users: Math.round(60 * load),
            target: 60 * load,
            scheduled: done,
            started: done,
            completed: done - trouble,
            failed: trouble,
          },
        ],
        checks: [
          { name: 'is locked', passed: done - failed, failed },
          { name: 'has a hash', passed: done, failed: 0 },
          { name: 'is in order', passed: Math.round(12 * load), failed: 0 },
        ],
        errors: failed > 0 ? [{ code: 'HTTP_503', name: 'POST /lock-proof', count: failed }] : [],
        bytesReceived: Math.round(48_000 * load),
        generator: { inFlightArea: all.values.reduce((sum, value) => sum + value, 0) },
      })
      .probe('process', { cpu: 0.31 + 0.02 * normal() * load, memory: 190e6 + second * 1e5, threads: 11 })
      .probe('postgres', { connections: 10 + Math.round(load), 'query p95': 3.1 + 0.2 * normal(), 'cache hit': 0.998 })
  }
  builder.add(exemplar({ reason: 'slow', total: 214.6 }))
  if (trouble === 1) addTrouble(builder)
  return killed ? builder : builder.end()
}

function planThresholds(trouble: 0 | 1) {
  const lock = { subject: 'POST /lock-proof', scope: { kind: 'endpoint', name: 'POST /lock-proof' } } as const
  const ledger = { kind: 'endpoint', name: 'GET /ledger' } as const
  const quantile = (q: number) => ({ kind: 'quantile', q }) as const
  const share = { kind: 'share' } as const
  const value = { kind: 'value' } as const
  return [
    threshold({ ...lock }),
    threshold({ ...lock, metric: 'p99', limit: '< 500ms', value: 500, statistic: quantile(0.99) }),
    threshold({
      ...lock,
      metric: 'rate',
      limit: '>= 20/s',
      value: 20,
      comparison: '>=',
      unit: '1/s',
      statistic: { kind: 'rate' },
    }),
    threshold({ subject: 'GET /ledger', scope: ledger, limit: '< 1s', value: 1000 }),
    threshold({
      subject: 'errors',
      metric: 'share',
      limit: '< 1%',
      value: 0.01,
      unit: 'ratio',
      scope: { kind: 'counter', name: 'errors' },
      statistic: share,
    }),
    threshold({
      subject: 'process',
      metric: 'cpu',
      limit: '< 80%',
      value: 0.8,
      unit: 'ratio',
      series: 'cpu',
      scope: { kind: 'probe', name: 'process' },
      statistic: value,
    }),
    ...(trouble === 0
      ? []
      : [
          threshold({
            subject: 'GET /nowhere',
            scope: { kind: 'endpoint', name: 'GET /nowhere' },
            limit: '< 50ms',
            value: 50,
          }),
        ]),
  ]
}

function addTrouble(builder: RunBuilder): void {
  builder
    .add(
      exemplar({
        reason: 'failed',
        status: 503,
        code: 'HTTP_503',
        message: 'Service Unavailable',
        responseBody: '{"error":"the pool of connections is used up","retry":true}\n',
      }),
    )
    .add({
      type: 'fault',
      kind: 'threw',
      journey: 'lock a proof',
      user: 12,
      message: "TypeError: Cannot read properties of undefined (reading 'entry')",
      stack:
        "TypeError: Cannot read properties of undefined (reading 'entry')\n    at run (plans/archive-origin.plan.ts:31:52)",
      count: 30,
    })
    .add({ type: 'probe.trouble', probe: 'postgres', at: builder.at, message: 'the connection was lost for 2 s' })
}

const exemplar = (of: Partial<Exemplar>): Exemplar => ({
  type: 'exemplar',
  reason: 'slow',
  endpoint: 'POST /lock-proof',
  journey: 'lock a proof',
  user: 12,
  at: millis(21_503),
  method: 'POST',
  url: 'http://127.0.0.1:3000/lock-proof',
  status: 200,
  code: undefined,
  message: undefined,
  phases: { blocked: 0.2, connect: 0, tls: 0, send: 0.1, wait: 213.9, receive: 0.4 },
  total: 214.6,
  requestHeaders: [['content-type', 'application/json']],
  requestBody: '{"capture_id":"capture-1"}',
  responseHeaders: [['content-type', 'application/json']],
  responseBody: '{"id":1}',
  ...of,
})

/** Standard normal numbers from a fixed seed (Park and Miller's generator, Box and Muller's transform). */
export function noise(seed: number): () => number {
  let state = seed
  const uniform = (): number => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
}
