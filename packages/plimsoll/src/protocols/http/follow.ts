import { TransportError } from './exchange.ts'
import { withoutBodyFields, withoutCredentials } from './fields.ts'
import type { Hop } from './hop.ts'
import { becomesGet } from './redirect.ts'
import { parseUrl } from './target.ts'
import type { Answer } from './types.ts'

/**
 * Makes `next` the hop that `answer` sends `hop` to (the Fetch standard, §4.4): another origin gets no credentials.
 * @throws {TransportError} TOO_MANY_REDIRECTS, REQUEST_BODY_FAILED for a body that can be read only once, BAD_REQUEST
 *   for a location that is no URL
 */
export function followOn(hop: Hop, answer: Answer, next: Hop): void {
  if (hop.followed >= hop.redirects) {
    throw new TransportError(
      'TOO_MANY_REDIRECTS',
      `redirected more than ${hop.redirects} times, at last by ${hop.target.url}`,
    )
  }
  const location = Buffer.from(answer.headers.get('location') ?? '', 'latin1').toString('utf8')
  const url = parseUrl(location, hop.target.url)
  const dropsBody = becomesGet(answer.status, hop.target.method)
  const crosses = url.origin !== hop.target.origin.key
  if (!dropsBody && hop.body?.replayable === false) {
    throw new TransportError('REQUEST_BODY_FAILED', `${hop.target.url} redirects a body that can be read only once`)
  }
  next.aim(hop.owner.targets.find(dropsBody ? 'GET' : hop.target.method, url.href))
  next.redirects = hop.redirects
  next.followed = hop.followed + 1
  next.receive = hop.receive
  next.answered = hop.answered
  next.crossed = hop.crossed || crosses
  next.body = dropsBody ? undefined : hop.body
  next.authorization = next.crossed ? undefined : hop.authorization
  next.own = hop.own
  if (next.own !== undefined && dropsBody) next.own = withoutBodyFields(next.own)
  if (next.own !== undefined && crosses) next.own = withoutCredentials(next.own)
}
