import type { Duration } from './duration.ts'
import type { ThinkTime, User } from './user.ts'

export interface JourneyOptions {
  /** How often, relative to the other journeys; 1 when not given, 0 for never. */
  readonly weight?: number
  /** The pause after each iteration. */
  readonly think?: ThinkTime
  /** The least time from one iteration's start to the next one's, for one user. */
  readonly pace?: Duration
  /** An iteration that runs longer is abandoned and counted as hung; 5 minutes when not given. */
  readonly timeout?: Duration
  readonly tags?: Readonly<Record<string, string>>
}

/** What a user does, over and over. @typeParam Data what the plan's `setup` returned */
export interface Journey<Data = unknown> {
  readonly kind: 'plimsoll.journey'
  readonly name: string
  readonly options: JourneyOptions
  readonly run: (user: User<Data>) => unknown
}

/**
 * Names what a user does.
 * @example journey('browse', { weight: 3, think: '1s..3s' }, async (user) => { await user.http.get('/') })
 */
export function journey<Data = unknown>(name: string, run: (user: User<Data>) => unknown): Journey<Data>
export function journey<Data = unknown>(
  name: string,
  options: JourneyOptions,
  run: (user: User<Data>) => unknown,
): Journey<Data>
export function journey<Data>(
  name: string,
  ...rest: readonly [(user: User<Data>) => unknown] | readonly [JourneyOptions, (user: User<Data>) => unknown]
): Journey<Data> {
  const [options, run] = rest.length === 1 ? [{}, rest[0]] : rest
  return Object.freeze({ kind: 'plimsoll.journey', name, options, run })
}
