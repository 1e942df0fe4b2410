/** The name of a JSON message, as most protocols write it: its `type`, else its `event`. */
export function eventOf(message: unknown): string | undefined {
  if (typeof message !== 'object' || message === null) return undefined
  const { type, event } = message as { type?: unknown; event?: unknown }
  return typeof type === 'string' ? type : typeof event === 'string' ? event : undefined
}
