import { networkInterfaces } from 'node:os'
import { PlimsollError } from '../../base/errors.ts'
import { isLoopback } from '../allow-host.ts'

/** Users of one source address, of whose ports the system gives out some 28,000. */
const USERS_PER_ADDRESS = 20_000

/**
 * Deals source addresses out to users: `127.0.0.2`; a range `127.0.0.0/8`, of which each user gets the next address;
 * or `spread`: all of 127.0.0.0/8 towards this machine, else the machine's own addresses in turn. So one machine looks
 * like many clients, and ports do not run out. Where none are given the system chooses, unless there are more users
 * than one address of this machine has ports: then every 20,000 users get the next.
 */
export function createSourceAddresses(
  specs: readonly string[],
  url: string,
  users: number,
): (userIndex: number) => string | undefined {
  const isHere = isLoopback(new URL(url).hostname)
  if (specs.length === 0) {
    const deal = parsePool('127.0.0.0/8')
    return isHere && users > USERS_PER_ADDRESS
      ? (userIndex) => deal(Math.floor(userIndex / USERS_PER_ADDRESS))
      : () => undefined
  }
  const pools = specs.flatMap((spec) => {
    if (spec !== 'spread') return [parsePool(spec)]
    return isHere ? [parsePool('127.0.0.0/8')] : ownAddresses().map(parsePool)
  })
  return (userIndex) => {
    const pool = pools[userIndex % pools.length]
    return pool?.(Math.floor(userIndex / pools.length))
  }
}

/** Addresses of this machine's networks, IPv4: links of IPv6 need a zone that only the plan can know. */
function ownAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  return all.filter(({ internal, family }) => !internal && family === 'IPv4').map(({ address }) => address)
}

function parsePool(spec: string): (nth: number) => string {
  const [address = '', prefix] = spec.split('/')
  if (prefix === undefined) return () => address
  const octets = address.split('.').map(Number)
  const bits = Number(prefix)
  if (
    octets.length !== 4 ||
    octets.some((octet) => !(Number.isInteger(octet) && octet >= 0 && octet <= 255)) ||
    !(Number.isInteger(bits) && bits >= 8 && bits <= 30)
  ) {
    throw new PlimsollError('PLAN_INVALID', `source address ${spec} is not an IPv4 range`, {
      hint: 'Write a single address, or a range such as 127.0.0.0/8.',
    })
  }
  const [a = 0, b = 0, c = 0, d = 0] = octets
  const size = 2 ** (32 - bits)
  const base = Math.floor((a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d) / size) * size
  // The first is the network's own address and the last its broadcast address.
  return (nth) => {
    const value = base + 1 + (nth % (size - 2))
    return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.')
  }
}
