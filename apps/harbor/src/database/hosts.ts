/**
 * One URL for each host of a URL with several, as libpq has them (PostgreSQL documentation, 34.1.1.3 "Specifying
 * Multiple Hosts"): `postgres://user@a:5432,b:5433/harbor`. All else of it holds for each.
 */
export function urlsOf(url: string): readonly string[] {
  const [, scheme = '', user = '', hosts = '', rest = ''] = /^(\w+:\/\/)([^/?#]*@)?([^/?#]*)(.*)$/s.exec(url) ?? []
  return hosts.includes(',') ? hosts.split(',').map((host) => scheme + user + host + rest) : [url]
}
