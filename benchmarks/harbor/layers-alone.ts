import { Anomalies } from '../../apps/harbor/src/security/anomalies.ts'
import { rateLimiter } from '../../apps/harbor/src/security/rate-limit.ts'
import { Reputation } from '../../apps/harbor/src/security/reputation.ts'
import { spread } from '../harness/statistics.ts'
import { table } from '../harness/table.ts'
import { type Connected, connectRedis, usedByRedis } from './redis-client.ts'

const requests = 10_000
const rounds = 7
/** Requests that are under way at the same time. */
const atOnce = 8

const address = '192.0.2.1'
/** Nobody exceeds them, and shares are as large as they are for a user who has only begun. */
const limits = { anonymous: 1_000, signedIn: 100_000_000 }
const people = Array.from({ length: 100 }, (_, index) => ({
  userId: `user-${index}`,
  sessionId: `session-${index}`,
  name: `Person ${index}`,
  role: 'member' as const,
}))

/** What each layer that looks at every request does by itself, in microseconds of CPU, where no other load blurs it. */
export async function costOfLayers(core: number | undefined) {
  const connected = await connectRedis(core)
  try {
    const rows: { readonly name: string; readonly harbor: number; readonly redis: number }[] = []
    for (const [name, admit] of layersOf(connected)) {
      const ofHarbor: number[] = []
      const ofRedis: number[] = []
      // The first round compiles what all later ones run, and counts for nothing.
      for (let round = 0; round <= rounds; round += 1) {
        const redis = await usedByRedis(connected.client)
        const before = process.cpuUsage()
        await spend(admit)
        const { user, system } = process.cpuUsage(before)
        if (round === 0) continue
        ofHarbor.push((user + system) / requests)
        ofRedis.push(((await usedByRedis(connected.client)) - redis) / requests)
      }
      rows.push({ name, harbor: spread(ofHarbor).median, redis: spread(ofRedis).median })
    }
    return {
      markdown: [
        `CPU of a layer by itself, in µs a request, of ${people.length} users and ${atOnce} requests at once:`,
        table(
          ['', 'harbor', 'Redis'],
          rows.map(({ name, harbor, redis }) => [name, harbor.toFixed(2), redis.toFixed(2)]),
        ),
      ].join('\n\n'),
      data: rows,
    }
  } finally {
    await connected.close()
  }
}

type Admit = (n: number) => unknown

function layersOf({ redis }: Connected): readonly (readonly [name: string, admit: Admit])[] {
  const nobody = () => undefined
  const limiter = rateLimiter({ redis, limits, onExceeded: nobody })
  const anomalies = new Anomalies({ store: redis.insured, limits, record: nobody, onError: nobody })
  const reputation = new Reputation({ redis, onBan: nobody })
  const principal = (n: number) => people[n % people.length]
  return [
    ['none', nobody],
    ['anomaly', (n) => anomalies.observe(address, {}, principal(n))],
    ['ratelimit', (n) => limiter.admit(address, principal(n))],
    ['reputation', () => reputation.admit(address)],
  ]
}

async function spend(admit: Admit): Promise<void> {
  let n = 0
  const one = async () => {
    while (n < requests) await admit(n++)
  }
  await Promise.all(Array.from({ length: atOnce }, one))
}
