import type { ThresholdSubject } from '../compiled.ts'

export const counters = ['errors', 'checks', 'iterations', 'dropped', 'bytes'] as const
/** Subjects that watch the system from outside the traffic; their metrics have the names that the probe gives. */
export const probeNames = ['process', 'postgres', 'redis', 'agent', 'host', 'prometheus'] as const

/** Reads the left side of a threshold; undefined when a prefix has no name behind it. */
export function parseSubject(subject: string): ThresholdSubject | undefined {
  if (subject.trim() === '') return undefined
  if (subject === 'http') return { kind: 'all' }
  const counter = counters.find((name) => name === subject)
  if (counter !== undefined) return { kind: 'counter', name: counter }
  if (probeNames.some((name) => name === subject)) return { kind: 'probe', name: subject }
  const [, prefix, rest = ''] = /^(step|journey|check|tag)(?:\s+(.*))?$/.exec(subject) ?? []
  const name = rest.trim()
  switch (prefix) {
    case 'step':
    case 'journey':
    case 'check':
      return name === '' ? undefined : { kind: prefix, name }
    case 'tag': {
      const colon = name.indexOf(':')
      const [key, value] = [name.slice(0, Math.max(0, colon)).trim(), name.slice(colon + 1).trim()]
      return key === '' || value === '' ? undefined : { kind: 'tag', name: key, value }
    }
    default:
      return { kind: 'endpoint', name: subject }
  }
}
