import type { SeriesKey } from '../record/events.ts'

const words: Readonly<Record<string, string>> = {
  'ws.connect_time': 'ws connect',
  'socketio.connect_time': 'socketio connect',
  'sse.connect_time': 'sse connect',
  'socketio.ack_time': 'ack',
  'ws.round_trip': 'ws request',
  'push.wait_time': 'wait',
}

/** The subject under which a plan's thresholds speak of a series over sockets; undefined for all others. */
export function socketSubject({ metric, name }: Pick<SeriesKey, 'metric' | 'name'>): string | undefined {
  const prefix = words[metric]
  if (prefix === undefined) return undefined
  return metric === 'ws.round_trip' && name === 'ping' ? 'ws ping' : `${prefix} ${name}`.trim()
}

/** The subject of any series that has a table of its own. */
export function subjectOf(key: SeriesKey): string {
  if (key.scope === 'all') return 'http'
  return socketSubject(key) ?? (key.scope === 'endpoint' ? key.name : `${key.scope} ${key.name}`)
}
