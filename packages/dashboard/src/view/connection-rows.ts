import { Histogram } from '../../../plimsoll/src/measure/histogram.ts'
import type { ConnectionInterval, SocketProtocol } from '../../../plimsoll/src/record/events.ts'
import type { Distribution, RunRecord } from '../../../plimsoll/src/record/run-record.ts'
import { seriesOf } from './find-series.ts'

export const protocolNames: Readonly<Record<SocketProtocol, string>> = {
  ws: 'WebSocket',
  socketio: 'Socket.IO',
  sse: 'Server-sent events',
}

/** What became of one protocol's connections. */
export interface ConnectionRow {
  readonly counts: ConnectionInterval
  /** Broken: by the plan, or by the server and the network. */
  readonly broken: number
  /** Of those that came back, with their state asked for: the share that got it. */
  readonly recoveredShare: number | undefined
  /** From the loss to the return; who never came back is a censored sample. Undefined when none was broken. */
  readonly away: Distribution | undefined
}

export const connectionRows = (record: RunRecord): ConnectionRow[] =>
  record.connections.map((counts) => {
    const { protocol, cut, lost, recovered, notRecovered } = counts
    const asked = recovered + notRecovered
    return {
      counts,
      broken: cut + lost,
      recoveredShare: asked > 0 ? recovered / asked : undefined,
      away: timesAway(record, protocol),
    }
  })

/** The whole run's, as the counts are; series are named by protocol and path. */
function timesAway(record: RunRecord, protocol: SocketProtocol): Distribution | undefined {
  const parts = seriesOf(record, 'reconnect.time', 'endpoint')
    .filter(({ name }) => name === protocol || name.startsWith(`${protocol} `))
    .map(({ whole }) => whole)
  if (parts.length === 0) return undefined
  const histogram = new Histogram()
  for (const part of parts) histogram.add(part.histogram)
  const sum = (of: (part: Distribution) => number): number => parts.reduce((total, part) => total + of(part), 0)
  return {
    histogram,
    count: histogram.count,
    failed: sum(({ failed }) => failed),
    censored: sum(({ censored }) => censored),
  }
}
