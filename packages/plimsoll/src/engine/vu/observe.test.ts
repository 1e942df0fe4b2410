import { beforeEach, describe, expect, it, test } from 'vitest'
import { millis } from '../../base/units.ts'
import { Recorder, type SeriesFrame } from '../../measure/recorder.ts'
import type { RequestOptions } from '../../plan/user.ts'
import { type Exchange, TransportError, type TransportErrorCode } from '../../protocols/http/exchange.ts'
import { createPulse } from '../pulse.ts'
import { Endpoints } from './endpoints.ts'
import { ExemplarBox } from './exemplar-box.ts'
import type { HttpContext } from './http-context.ts'
import { HttpResult } from './http-result.ts'
import { createObserver } from './observe.ts'
import { Redactor } from './redact.ts'

const url = 'http://127.0.0.1:3000/rooms/17'
const user = { id: 7, journeyIndex: 2, tags: undefined as Record<string, string> | undefined }
const none = millis(0)

/** Asked at 100, sent at 102, answered from 110 to 112 ms, over a connection that was there. */
const exchange = (parts: Partial<Exchange> = {}): Exchange => ({
  method: 'GET',
  url,
  askedAt: millis(100),
  assignedAt: millis(100),
  connectStart: none,
  connectEnd: none,
  tlsEnd: none,
  sendStart: millis(102),
  sendEnd: millis(103),
  firstByte: millis(110),
  end: millis(112),
  status: 200,
  error: undefined,
  bytesSent: 80,
  bytesReceived: 500,
  ...parts,
})

const broken = (code: TransportErrorCode, parts: Partial<Exchange> = {}): Exchange =>
  exchange({ error: new TransportError(code, 'broke'), status: 0, firstByte: none, ...parts })

const series = new Map<string, SeriesFrame>()
let context: HttpContext
let errors: readonly { readonly code: string; readonly name: string; readonly count: number }[]

beforeEach(() => {
  const recorder = new Recorder()
  context = {
    plan: { http: { headers: {} } },
    recorder,
    endpoints: new Endpoints(recorder),
    exemplars: new ExemplarBox(),
    redact: new Redactor(),
    traffic: { sent: 0, received: 0 },
    pulse: createPulse(),
    startedAt: none,
  } as unknown as HttpContext
})

function observed(exchanges: readonly Exchange[], { scheduledAt = 0, options = {} as RequestOptions } = {}) {
  const first = exchanges[0] as Exchange
  const endpoint =
    options.name === undefined ? context.endpoints.of(first.method, first.url) : context.endpoints.named(options.name)
  const nobody = () => {}
  const result = new HttpResult(user, options, endpoint, millis(scheduledAt), 'read', nobody, nobody)
  const observer = createObserver(context)
  for (const one of exchanges) observer.finished(one, undefined, result)
  const frame = context.recorder.swap()
  series.clear()
  for (const one of frame.series) series.set(`${one.metric} ${one.name}`, one)
  errors = frame.errors
  return result
}

describe('an exchange becomes samples', () => {
  it('of which response time counts from the schedule, service and wait from what was sent', () => {
    observed([exchange()], { scheduledAt: 40 })
    expect(series.get('http.response_time GET /rooms/:id')).toMatchObject({ count: 1, failed: 0, sum: 72_000 })
    expect(series.get('http.service_time GET /rooms/:id')).toMatchObject({ count: 1, failed: 0, sum: 10_000 })
    expect(series.get('http.wait_time GET /rooms/:id')).toMatchObject({ count: 1, failed: 0, sum: 7000 })
    expect(series.size).toBe(3)
    expect(context.traffic).toEqual({ sent: 80, received: 500 })
    expect(context.pulse.read()).toMatchObject({ journey: 2, user: 7 })
  })

  it('from when it was asked for, where the schedule did not say', () => {
    observed([exchange()])
    expect(series.get('http.response_time GET /rooms/:id')).toMatchObject({ sum: 12_000 })
  })

  it('with connection, TLS and the wait for both, where there was one', () => {
    const times = { assignedAt: millis(101), connectStart: millis(101), connectEnd: millis(105), tlsEnd: millis(111) }
    const result = observed([exchange({ ...times, sendStart: millis(111), sendEnd: millis(111), end: millis(120) })])
    expect(series.get('http.connect_time GET /rooms/:id')).toMatchObject({ sum: 4000 })
    expect(series.get('http.tls_time GET /rooms/:id')).toMatchObject({ sum: 6000 })
    expect(series.get('http.blocked_time GET /rooms/:id')).toMatchObject({ sum: 1000 })
    expect(result.timings).toMatchObject({ blocked: 1, connect: 4, tls: 6, send: 0, total: 20 })
  })

  it('one for each hop, whose next is due when it is asked for and has a name of its own', () => {
    const next = exchange({ url: 'http://127.0.0.1:3000/in', askedAt: millis(112), end: millis(115) })
    const result = observed([exchange({ status: 302 }), next], { scheduledAt: 90 })
    expect(series.get('http.response_time GET /rooms/:id')).toMatchObject({ count: 1, sum: 22_000 })
    expect(series.get('http.response_time GET /in')).toMatchObject({ count: 1, sum: 3000 })
    expect(result).toMatchObject({ status: 200, ok: true, hops: 2 })
  })

  it('all hops under the name that the plan gave', () => {
    observed([exchange({ status: 302 }), exchange({ url: 'http://127.0.0.1:3000/in' })], { options: { name: 'open' } })
    expect(series.get('http.response_time open')).toMatchObject({ count: 2 })
  })
})

describe('success', () => {
  it.each([
    [undefined, 200, true],
    [undefined, 399, true],
    [undefined, 400, false],
    [404, 404, true],
    [404, 200, false],
    [[200, 409], 409, true],
    [[200, 409], 201, false],
    [(status: number) => status === 418, 418, true],
    [(status: number) => status === 418, 200, false],
  ] as const)('of %s at status %i is %s', (expect_, status, ok) => {
    const options = expect_ === undefined ? {} : { expect: expect_ }
    expect(observed([exchange({ status })], { options }).ok).toBe(ok)
    expect(series.get('http.response_time GET /rooms/:id')?.failed).toBe(ok ? 0 : 1)
    expect(series.get('http.failed_time GET /rooms/:id')?.count).toBe(ok ? undefined : 1)
    expect(errors).toEqual(ok ? [] : [{ code: `HTTP_${status}`, name: 'GET /rooms/:id', count: 1 }])
  })

  it('is not what a function that throws says', () => {
    const options = {
      expect: () => {
        throw new Error('oh')
      },
    }
    expect(observed([exchange()], { options }).ok).toBe(false)
  })
})

describe('what broke', () => {
  it('is a failure as long as it took', () => {
    observed([broken('CONNECTION_RESET')])
    expect(series.get('http.response_time GET /rooms/:id')).toMatchObject({ count: 1, failed: 1, censored: 0 })
    expect(series.get('http.wait_time GET /rooms/:id')).toBeUndefined()
    expect(errors).toEqual([{ code: 'CONNECTION_RESET', name: 'GET /rooms/:id', count: 1 }])
    expect(context.exemplars.take()).toMatchObject([{ reason: 'failed', code: 'CONNECTION_RESET', message: 'broke' }])
  })

  it.each(['TIMEOUT_CONNECT', 'TIMEOUT_FIRST_BYTE', 'TIMEOUT_TOTAL'] as const)(
    'by %s took at least so long',
    (code) => {
      observed([broken(code)])
      expect(series.get('http.response_time GET /rooms/:id')).toMatchObject({ count: 1, failed: 1, censored: 1 })
      expect(series.get('http.failed_time GET /rooms/:id')).toMatchObject({ count: 1, censored: 1 })
    },
  )

  it('has no service time when nothing was sent', () => {
    observed([broken('CONNECT_REFUSED', { sendStart: none, sendEnd: none, assignedAt: none })])
    expect(series.get('http.service_time GET /rooms/:id')).toBeUndefined()
  })

  it('at the end of the run is no failure and no error', () => {
    observed([broken('ABORTED')])
    expect(series.get('http.response_time GET /rooms/:id')).toMatchObject({ count: 1, failed: 0, censored: 1 })
    expect(series.get('http.service_time GET /rooms/:id')).toMatchObject({ count: 1, failed: 0, censored: 1 })
    expect(series.get('http.failed_time GET /rooms/:id')).toBeUndefined()
    expect(errors).toEqual([])
    expect(context.exemplars.take()).toEqual([])
  })
})

test('tags of the request come before those of the journey', () => {
  observed([exchange()], { options: { tags: { tier: 'gold' } } })
  expect([...series.keys()]).toContain('http.response_time tier:gold')
})

test('requests with tags that the end of the run cut off were counted as failed', () => {
  observed([broken('ABORTED')], { options: { tags: { tier: 'gold' } } })
  expect(series.get('http.response_time tier:gold')).toMatchObject({ count: 1, failed: 0, censored: 1 })
})
