import { PlimsollError } from '../../base/errors.ts'

/**
 * Deals source addresses out to users: `127.0.0.2`, or a range `127.0.0.0/8` of which each user gets the next address,
 * so that one machine looks like many clients and ports do not run out. Undefined where none are given.
 */
export function createSourceAddresses(specs: readonly string[]): (userIndex: number) => string | undefined {
  if (specs.length === 0) return () => undefined
  const pools = specs.map(parsePool)
  return (userIndex) => {
    const pool = pools[userIndex % pools.length]
    return pool?.(Math.floor(userIndex / pools.length))
  }
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
