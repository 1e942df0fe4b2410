/** From what is worth knowing to what needs a person now; alerts are sent from `high` on. */
export const severities = ['info', 'low', 'medium', 'high', 'critical'] as const
export type Severity = (typeof severities)[number]

/** All kinds of events, and how severe each is. */
export const eventKinds = {
  registered: 'info',
  login_succeeded: 'info',
  login_failed: 'low',
  logout: 'info',
  account_blocked: 'high',
  address_blocked: 'high',
  address_banned: 'critical',
  rate_limited: 'medium',
  refresh_token_reused: 'critical',
  new_country: 'medium',
  request_burst: 'medium',
  token_from_two_places: 'high',
} as const satisfies Readonly<Record<string, Severity>>

export type EventKind = keyof typeof eventKinds

export interface SecurityEvent {
  readonly kind: EventKind
  readonly userId?: string | undefined
  /** The client's IP address. */
  readonly address?: string | undefined
  /** What else helps to judge it; never a password or a token. */
  readonly details?: Readonly<Record<string, string | number>>
}
