import type { RunRecord } from '../../record/run-record.ts'
import type { Finding } from '../verdict.ts'

const EXAMPLES = 3

/** The cardinality guard closed: names that hold ids or other values of which there is no end. */
export function findTooManyEndpoints({ overflowed, series }: RunRecord): Finding | undefined {
  if (!overflowed.includes('endpoint')) return undefined
  const endpoints = series.filter(({ metric, scope }) => metric === 'http.response_time' && scope === 'endpoint')
  const other = endpoints.find(({ name }) => name === 'other')
  const rarest = endpoints
    .filter(({ name }) => name !== 'other')
    .sort((a, b) => a.whole.count - b.whole.count)
    .slice(0, EXAMPLES)
    .map(({ name }) => name)
  return {
    id: 'too-many-endpoints',
    title: 'Requests have too many different names to be told apart',
    confidence: 1,
    evidence: [
      `${endpoints.length} endpoints, and ${other?.whole.count ?? 0} requests more that were summed up as "other"`,
      ...(rarest.length > 0 ? [`seen least often: ${rarest.join(', ')}`] : []),
    ],
    recommendation: `Give requests whose path holds a value a name of their own: user.http.get(url, { name: 'GET /items/:slug' })`,
  }
}
