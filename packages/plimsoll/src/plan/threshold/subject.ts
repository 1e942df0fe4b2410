import type { SocketTiming, ThresholdSubject } from '../compiled.ts'

/** Subjects of sockets that need no name. */
export const socketSubjects = ['ws connect', 'socketio connect', 'sse connect', 'ws ping', 'ack', 'reconnect'] as const
export const counters = ['errors', 'checks', 'iterations', 'dropped', 'bytes'] as const
/** Subjects that watch the system from outside the traffic; their metrics have the names that the probe gives. */
export const probeNames = ['process', 'postgres', 'redis', 'agent', 'host', 'prometheus'] as const

/** Times over sockets: the series, by the words before a name; of all names together where none is needed. */
const timings: readonly (readonly [prefix: string, metric: SocketTiming, needsName: boolean])[] = [
  ['ws connect', 'ws.connect_time', false],
  ['socketio connect', 'socketio.connect_time', false],
  ['sse connect', 'sse.connect_time', false],
  ['ack', 'socketio.ack_time', false],
  ['ws request', 'ws.round_trip', true],
  ['wait', 'push.wait_time', true],
]

/** Reads the left side of a threshold; undefined when a prefix has no name behind it. */
export function parseSubject(subject: string): ThresholdSubject | undefined {
  if (subject.trim() === '') return undefined
  if (subject === 'http') return { kind: 'all' }
  const counter = counters.find((name) => name === subject)
  if (counter !== undefined) return { kind: 'counter', name: counter }
  if (probeNames.some((name) => name === subject)) return { kind: 'probe', name: subject }
  if (subject === 'reconnect') return { kind: 'reconnect' }
  if (subject === 'ws ping') return { kind: 'timing', metric: 'ws.round_trip', name: 'ping' }
  for (const [words, metric, needsName] of timings) {
    const name = nameAfter(words, subject)
    if (name !== undefined) return name === '' && needsName ? undefined : { kind: 'timing', metric, name }
  }
  const [, prefix, rest = ''] = /^(step|journey|check|tag|delivery|message)(?:\s+(.*))?$/.exec(subject) ?? []
  const name = rest.trim()
  switch (prefix) {
    case 'step':
    case 'journey':
    case 'check':
    case 'delivery':
      return name === '' ? undefined : { kind: prefix, name }
    case 'message': {
      const out = nameAfter('out', name)
      if (name === '') return undefined
      return out ? { kind: 'message', direction: 'out', name: out } : { kind: 'message', direction: 'in', name }
    }
    case 'tag': {
      const colon = name.indexOf(':')
      const [key, value] = [name.slice(0, Math.max(0, colon)).trim(), name.slice(colon + 1).trim()]
      return key === '' || value === '' ? undefined : { kind: 'tag', name: key, value }
    }
    default:
      return { kind: 'endpoint', name: subject }
  }
}

/** What stands behind the words, '' for nothing; undefined where the text does not begin with them. */
const nameAfter = (words: string, text: string): string | undefined =>
  text === words || text.startsWith(`${words} `) ? text.slice(words.length).trim() : undefined
