import { brotliCompressSync, brotliDecompressSync, constants, gunzipSync, gzipSync } from 'node:zlib'
import { Redis as Client } from 'ioredis'
import { message } from '../documents/typing.ts'
import { spread } from '../harness/statistics.ts'
import { Deployment } from './deployment.ts'
import { furnish } from './furnish.ts'

const sizes = [1, 5, 10, 25, 50, 100]

/** The value of one key of harbor's caches, and what it costs in microseconds of this process's CPU. */
export interface Value {
  readonly name: string
  readonly bytes: number
  /** To write it to Redis and to read it, as it is. */
  readonly write: number
  readonly read: number
  readonly ways: readonly Way[]
}

interface Way {
  readonly name: string
  readonly bytes: number
  readonly compress: number
  readonly decompress: number
}

const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }
const ways = [
  { name: 'gzip -1', compress: (text: Buffer) => gzipSync(text, { level: 1 }), decompress: gunzipSync },
  {
    name: 'brotli -q 1',
    compress: (text: Buffer) => brotliCompressSync(text, brotli),
    decompress: brotliDecompressSync,
  },
] as const

/** Pages of messages of several lengths, rooms, users and members, as harbor left them in its Redis. */
export async function compressCached(calls: number, core: number | undefined): Promise<readonly Value[]> {
  const deployment = await Deployment.start({ instances: 1, core, storesCore: core })
  const client = new Client(deployment.redis.url)
  try {
    await fillCaches(deployment.instances[0]?.url ?? '')
    const values: Value[] = []
    for (const key of (await client.keys('harbor:cache:*')).sort()) {
      const text = Buffer.from((await client.get(key)) ?? '')
      values.push(await measure(client, key.split(':')[2] ?? key, text, calls))
    }
    return values.sort((a, b) => a.bytes - b.bytes)
  } finally {
    client.disconnect()
    await deployment.stop()
  }
}

async function fillCaches(url: string): Promise<void> {
  const { tokens, room, post } = await furnish(url, 50)
  const [token] = tokens
  for (let n = 0; n < 100; n += 1) {
    await post('/api/messages', tokens[n % tokens.length], { room_id: room, content: message(n) })
  }
  for (let n = 0; n < 20; n += 1) await post('/api/rooms', token, { name: `Room ${n}`, kind: 'room' })
  const paths = [
    ...sizes.map((limit) => `/api/messages?room=${room}&limit=${limit}`),
    ...['/api/rooms', '/api/users', `/api/rooms/${room}/members`],
  ]
  for (const path of paths) {
    const answer = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } })
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}`)
    await answer.text()
  }
}

async function measure(client: Client, name: string, text: Buffer, calls: number): Promise<Value> {
  const plain = text.toString()
  const write = await cpu(calls, () => client.set('bench:value', plain))
  const read = await cpu(calls, () => client.get('bench:value'))
  const measured: Way[] = []
  for (const { name: way, compress, decompress } of ways) {
    const small = compress(text)
    measured.push({
      name: way,
      bytes: small.length,
      compress: await cpu(calls, () => compress(text)),
      decompress: await cpu(calls, () => decompress(small)),
    })
  }
  return { name, bytes: text.length, write, read, ways: measured }
}

/** Microseconds for each call: the median of three rounds after one that compiles. */
async function cpu(calls: number, work: () => unknown): Promise<number> {
  const rounds: number[] = []
  for (let round = 0; round < 4; round += 1) {
    const before = process.cpuUsage()
    for (let call = 0; call < calls; call += 1) await work()
    const { user, system } = process.cpuUsage(before)
    rounds.push((user + system) / calls)
  }
  return spread(rounds.slice(1)).median
}
