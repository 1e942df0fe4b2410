const loopback = /^(localhost|.*\.localhost|127(\.\d{1,3}){3}|\[?::1\]?|\[?::ffff:127(\.\d{1,3}){3}\]?)$/i

/** Whether a host name or address means this very machine. */
export const isLoopback = (host: string): boolean => loopback.test(host)

/**
 * A load generator is a weapon: only loopback, and what the plan names in `allow`, may be sent anything. `*.example.com`
 * stands for every name below example.com.
 */
export const allowHost =
  (allowed: readonly string[]) =>
  (host: string): boolean =>
    isLoopback(host) || allowed.some((pattern) => matches(pattern.toLowerCase(), host.toLowerCase()))

function matches(pattern: string, host: string): boolean {
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern
}
