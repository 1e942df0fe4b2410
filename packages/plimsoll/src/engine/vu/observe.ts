import { type Micros, type Millis, millis, subtract, toMicros } from '../../base/units.ts'
import type { Exchange } from '../../protocols/http/exchange.ts'
import type { Answer, ExchangeObserver } from '../../protocols/http/types.ts'
import type { Exemplar } from '../../record/events.ts'
import type { EndpointSeries } from './endpoints.ts'
import type { HttpContext } from './http-context.ts'
import type { HttpResult } from './http-result.ts'

/** Failures that only say that we stopped waiting: the true time is at least what was seen. */
const cutOff: ReadonlySet<string> = new Set(['TIMEOUT_CONNECT', 'TIMEOUT_FIRST_BYTE', 'TIMEOUT_TOTAL', 'ABORTED'])

/** Turns the instants of each ended exchange into samples: the one place where HTTP becomes measurement. */
export function createObserver(context: HttpContext): ExchangeObserver<HttpResult> {
  const { recorder, endpoints, exemplars, traffic, pulse } = context

  return {
    finished(exchange, answer, result) {
      const hop = result.hops++
      const endpoint =
        hop === 0 || result.options?.name !== undefined ? result.endpoint : endpoints.of(exchange.method, exchange.url)
      const scheduledAt = hop === 0 && result.scheduledAt > 0 ? result.scheduledAt : exchange.askedAt
      const { end, sendStart } = exchange
      traffic.sent += exchange.bytesSent
      traffic.received += exchange.bytesReceived

      const { error, status } = exchange
      const succeeded = error === undefined && isExpected(result, status)
      const response = toMicros(subtract(end, scheduledAt))
      const isCutOff = error !== undefined && cutOff.has(error.code)
      // What the end of the run cut off has not failed.
      const failed = !succeeded && error?.code !== 'ABORTED'
      if (isCutOff) {
        endpoint.response.recordCensored(response, failed)
        if (sendStart > 0) endpoint.service.recordCensored(toMicros(subtract(end, sendStart)), failed)
      } else {
        endpoint.response.record(response, !succeeded)
        if (sendStart > 0) endpoint.service.record(toMicros(subtract(end, sendStart)), !succeeded)
        if (exchange.firstByte > 0) {
          endpoint.wait.record(toMicros(subtract(exchange.firstByte, exchange.sendEnd)), !succeeded)
        }
      }
      if (exchange.connectEnd > 0) recordConnection(exchange, endpoint)
      if (exchange.assignedAt > exchange.askedAt) {
        endpoint.blocked().record(toMicros(subtract(exchange.assignedAt, exchange.askedAt)), false)
      }

      fillTimings(result, exchange, scheduledAt, response)
      result.status = status
      result.ok = succeeded
      const { options } = result
      if (options?.tags !== undefined || result.user.tags !== undefined) {
        recordTags(result, response, failed, isCutOff)
      }
      if (succeeded) {
        if (exemplars.wantsSlow(endpoint, response)) {
          const example = describe(context, 'slow', endpoint, exchange, answer, result, scheduledAt, undefined)
          exemplars.keepSlow(endpoint, example)
        }
      } else if (failed) {
        if (isCutOff) endpoint.failedTime().recordCensored(response)
        else endpoint.failedTime().record(response, true)
        const code = error?.code ?? `HTTP_${status}`
        recorder.error(code, endpoint.name)
        const kind = `${code} ${endpoint.name}`
        if (exemplars.wantsFailed(kind)) {
          exemplars.keepFailed(kind, describe(context, 'failed', endpoint, exchange, answer, result, scheduledAt, code))
        }
      }
      pulse.enter(result.user.journeyIndex, result.user.id)
    },
  }

  function recordTags(result: HttpResult, response: Micros, failed: boolean, isCutOff: boolean): void {
    const tags = { ...result.user.tags, ...result.options?.tags }
    for (const name of Object.keys(tags)) {
      const series = recorder.series('http.response_time', 'tag', `${name}:${tags[name]}`)
      if (isCutOff) series.recordCensored(response, failed)
      else series.record(response, failed)
    }
  }
}

function recordConnection(exchange: Exchange, endpoint: EndpointSeries): void {
  endpoint.connect().record(toMicros(subtract(exchange.connectEnd, exchange.connectStart)), false)
  if (exchange.tlsEnd > 0) endpoint.tls().record(toMicros(subtract(exchange.tlsEnd, exchange.connectEnd)), false)
}

function isExpected(result: HttpResult, status: number): boolean {
  const expected = result.options?.expect
  if (expected === undefined) return status >= 100 && status < 400
  if (typeof expected === 'number') return status === expected
  if (typeof expected === 'function') {
    try {
      return Boolean(expected(status))
    } catch {
      return false
    }
  }
  return expected.includes(status)
}

function fillTimings(result: HttpResult, exchange: Exchange, scheduledAt: Millis, total: Micros): void {
  const { assignedAt, connectStart, connectEnd, tlsEnd, sendStart, sendEnd, firstByte, end } = exchange
  result.totalUs = total
  result.blockedUs = assignedAt > 0 ? toMicros(subtract(assignedAt, scheduledAt)) : total
  if (connectEnd > 0) result.connectUs = toMicros(subtract(connectEnd, connectStart))
  if (tlsEnd > 0) result.tlsUs = toMicros(subtract(tlsEnd, connectEnd))
  if (sendEnd > 0) result.sendUs = toMicros(subtract(sendEnd, sendStart))
  if (firstByte > 0) {
    result.waitUs = toMicros(subtract(firstByte, sendEnd))
    result.receiveUs = toMicros(subtract(end, firstByte))
  }
}

function describe(
  context: HttpContext,
  reason: Exemplar['reason'],
  endpoint: EndpointSeries,
  exchange: Exchange,
  answer: Answer | undefined,
  result: HttpResult,
  scheduledAt: Millis,
  code: string | undefined,
): Exemplar {
  const { options } = result
  const { redact, plan } = context
  const body =
    options?.json !== undefined
      ? safeJson(options.json)
      : typeof options?.body === 'string' || options?.body instanceof Uint8Array
        ? options.body
        : options?.form !== undefined
          ? safeJson(options.form)
          : undefined
  return {
    type: 'exemplar',
    reason,
    endpoint: endpoint.name,
    journey: result.journey,
    user: result.user.id,
    at: millis(scheduledAt - context.startedAt),
    method: exchange.method,
    url: redact.url(exchange.url),
    status: exchange.status,
    code,
    message: exchange.error && redact.message(exchange.error.message),
    phases: result.timings,
    total: result.timings.total,
    requestHeaders: redact.headers(Object.entries({ ...plan.http.headers, ...options?.headers })),
    requestBody: redact.body(body),
    responseHeaders: redact.headers(answer?.headers.entries() ?? []),
    responseBody: answer === undefined ? undefined : redact.body(answer.body),
  }
}

function safeJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch {
    return undefined
  }
}
