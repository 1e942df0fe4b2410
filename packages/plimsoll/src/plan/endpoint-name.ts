/**
 * The name under which a request is counted: method and path, the query dropped, path parts that look like ids
 * written `:id`. Low in cardinality on purpose; requests that share a path for different things carry `name` instead.
 *
 * Ids are: only digits; UUIDs; 16 or more hexadecimal digits; and 20 or more letters and digits mixed (nanoid, ULID,
 * KSUID, tokens), unless they read as words joined by hyphens (`release-notes-for-2024`).
 */
export function endpointName(method: string, url: string): string {
  return `${method} ${pathName(url)}`
}

function pathName(url: string): string {
  const path = pathOf(url)
  // every id that is recognised has a digit in it, most paths have none
  if (!/\d/.test(path)) return path
  return path
    .split('/')
    .map((part) => (looksLikeId(part) ? ':id' : part))
    .join('/')
}

function pathOf(url: string): string {
  const scheme = url.indexOf('://')
  const query = url.search(/[?#]/)
  const end = query < 0 ? url.length : query
  if (scheme > 0 && scheme < end) {
    const slash = url.indexOf('/', scheme + 3)
    return slash < 0 || slash >= end ? '/' : url.slice(slash, end)
  }
  const path = url.slice(0, end)
  return path.startsWith('/') ? path : `/${path}`
}

function looksLikeId(part: string): boolean {
  if (!/\d/.test(part)) return false
  if (/^\d+$/.test(part)) return true
  if (part.length < 16) return false
  if (/^[0-9a-f]{16,}$/i.test(part)) return true
  if (/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(part)) return true
  if (part.length < 20 || !/^[\w-]+$/.test(part) || !/[a-z]/i.test(part)) return false
  const words = /[-_]/.test(part) && (part === part.toLowerCase() || part === part.toUpperCase())
  return !words
}
