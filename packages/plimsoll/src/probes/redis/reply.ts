/** What Redis answers to a command, as far as this probe's commands go: a text, or an error. */
export type Reply = { readonly text: string } | { readonly error: string }

/** Far above what INFO takes, which is some kilobytes. */
export const LONGEST_REPLY = 1 << 20

/**
 * The reply that the octets begin with: a simple string, an error or a bulk string
 * (redis.io/docs/latest/develop/reference/protocol-spec); undefined when the rest of it is still to come.
 * @throws {Error} when it is anything else, or longer than `LONGEST_REPLY`
 */
export function readReply(octets: Buffer): Reply | undefined {
  const first = octets[0]
  if (first === undefined) return undefined
  const kind = String.fromCharCode(first)
  if (kind !== '+' && kind !== '-' && kind !== '$') throw new Error('what answers there is not Redis')
  const end = octets.indexOf('\r\n')
  if (end === -1) {
    check(octets.length)
    return undefined
  }
  const line = octets.toString('utf8', 1, end)
  if (kind === '+') return { text: line }
  if (kind === '-') return { error: line }
  if (!/^\d{1,10}$/.test(line)) throw new Error('what answers there is not Redis')
  const begin = end + 2
  const length = Number(line)
  check(length)
  return octets.length < begin + length + 2 ? undefined : { text: octets.toString('utf8', begin, begin + length) }
}

function check(length: number): void {
  if (length > LONGEST_REPLY) throw new Error(`its answer is longer than ${LONGEST_REPLY} octets`)
}

/** A command as an array of bulk strings: whatever octets a password has. */
export const command = (...words: readonly string[]): string =>
  `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`
