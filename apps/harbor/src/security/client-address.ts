import type { IncomingMessage } from 'node:http'
import { BlockList, isIP, isIPv6 } from 'node:net'

/** Who is at the other end, as far as can be believed. */
export interface ClientAddresses {
  isTrusted(address: string): boolean
  /** The last address of the way here that no trusted proxy has: only trusted ones say truly who came to them. */
  of(request: IncomingMessage): string
}

/** @param proxies addresses and networks in CIDR notation */
export function clientAddresses(proxies: readonly string[]): ClientAddresses {
  const trusted = new BlockList()
  for (const proxy of proxies) {
    const [address = '', bits] = proxy.split('/')
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    if (bits === undefined) trusted.addAddress(address, family)
    else trusted.addSubnet(address, Number(bits), family)
  }
  const isTrusted = (address: string) => {
    const bare = unmapped(address)
    return proxies.length > 0 && trusted.check(bare, isIPv6(bare) ? 'ipv6' : 'ipv4')
  }

  return {
    isTrusted,
    of(request) {
      let address = unmapped(request.socket.remoteAddress ?? '')
      if (proxies.length === 0) return address
      const way = [request.headers['x-forwarded-for']].flat().join(',').split(',').reverse()
      for (const hop of way) {
        if (!isTrusted(address) || isIP(unmapped(hop.trim())) === 0) break
        address = unmapped(hop.trim())
      }
      return address
    },
  }
}

/** An IPv4 address that came over an IPv6 socket, as IPv4. */
const unmapped = (address: string): string => (address.startsWith('::ffff:') ? address.slice(7) : address)

/** What one client can have: of IPv6 the first 64 bits, since anyone gets that many addresses. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address
  const [head = '', tail] = address.split('::')
  const first = head === '' ? [] : head.split(':')
  const last = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : 8 - first.length - last.length
  return `${[...first, ...Array<string>(Math.max(zeros, 0)).fill('0'), ...last].slice(0, 4).join(':')}::/64`
}
