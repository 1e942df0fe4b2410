import type { RunRecord } from '../../../plimsoll/src/record/run-record.ts'

/** What kinds of traffic a run has, and with them the sections that have something to say. */
export interface RunKinds {
  /** Of a run that has nothing yet, too: its sections say so. */
  readonly http: boolean
  readonly connections: boolean
  readonly messages: boolean
  readonly deliveries: boolean
  /** Something was asked over a socket and answered, or waited for. */
  readonly answers: boolean
}

export function runKinds({ series, connections, messages, deliveries }: RunRecord): RunKinds {
  const hasHttp = series.some(({ metric }) => metric === 'http.response_time')
  return {
    http: hasHttp || connections.length + messages.length + deliveries.length === 0,
    connections: connections.length > 0,
    messages: messages.length > 0,
    deliveries: deliveries.length > 0,
    answers: series.some(({ metric, scope }) => scope === 'endpoint' && answerMetrics.has(metric)),
  }
}

/** What is timed over sockets besides deliveries, and what it is called; in the order in which it is shown. */
export const answerKinds = {
  'socketio.ack_time': 'Socket.IO ack',
  'ws.round_trip': 'WebSocket request',
  'push.wait_time': 'wait for a push',
  'socketio.connect_time': 'Socket.IO connect',
  'ws.connect_time': 'WebSocket connect',
  'sse.connect_time': 'SSE connect',
} as const

export type AnswerMetric = keyof typeof answerKinds

const answerMetrics: ReadonlySet<string> = new Set(Object.keys(answerKinds))
