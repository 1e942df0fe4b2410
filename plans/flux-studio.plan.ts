import { arrivals, env, plan, type SetupContext, users } from 'plimsoll'
import { operator, register } from './harbor/people.ts'
import { anonymousLimit, bot, bruteForce, operate, type Studio, visit, working } from './harbor/studio.ts'
import { harbor, harborProbes, ownPostgres, redisCommands, withRedis } from './harbor/system.ts'

/**
 * The targets and the four load scenarios of FluxStudio's "Performance Testing & Optimization" (sprint 13, day 4), run
 * against harbor with all layers of security on; `HARBOR_SECURITY=none`, `log`, `log,anomaly` … measures what they cost.
 * Every user comes from an address of its own, so that limits and bans meet whom they are meant for.
 */

const adminEmail = 'operator@plimsoll.test'

/** Users of each profile who work; at the end come those whose passwords are guessed at. */
const most: Readonly<Record<string, number>> = {
  smoke: 20,
  normal: 100,
  normalRate: 100,
  alone: 100,
  bruteForce: 100,
  bots: 100,
}
const attackers = 50

async function open(context: SetupContext): Promise<Studio> {
  const workers = most[context.profile] ?? 500
  // Whoever asks here stands before harbor as a proxy does, with many people behind it.
  const from = (index: number) => ({ headers: { 'x-forwarded-for': `10.1.${index >> 8}.${index & 255}` } })
  const everyone = await register(context, workers + attackers, from)
  return {
    people: everyone.slice(0, workers),
    victims: everyone.slice(workers),
    operator: await operator(context, adminEmail),
  }
}

/** 100 users and 1,000 requests a minute, 500 and 5,000: each of them one every six seconds. */
const workers = working('work', '6s')
/** The same for goals given as requests per second. */
const requests = working('request')
const busy = working('busy', '1s')

/** "Rapid requests (50/min per bot)"; and bots in a hurry, for the half minute of `smoke`. */
const bots = bot('bot', '1200ms')
const hastyBots = bot('hasty bot', '50ms')

const good = users(100)
  .for('2m')
  .journeys(...workers)
  .named('good users')

/** For profiles with attackers. */
const blocked = {
  'check no guess is let in': '= 100%',
  // "Block 100% of brute force attacks".
  'check guesses after the tenth are blocked': '= 100%',
} as const
const limited = {
  'check bots get no more than the limit': '= 100%',
  'check bots are told when to come back': '= 100%',
} as const

export default plan({
  name: 'FluxStudio',
  system: harbor({
    HARBOR_SECURITY: env('HARBOR_SECURITY', { default: '' }),
    // Bots ask 50 times a minute, which harbor's own limit of 100 would let pass.
    HARBOR_RATE_LIMIT: `${anonymousLimit},1000`,
    HARBOR_TRUST_PROXY: '127.0.0.1',
    HARBOR_ADMIN_EMAIL: adminEmail,
  }),
  probes: { ...harborProbes, prometheus: { figures: { 'redis commands': redisCommands } } },
  http: { sourceAddresses: '127.1.0.0/16' },
  setup: open,
  journeys: [...workers, ...requests, ...busy, visit, bruteForce, bots, hastyBots, operate],

  profiles: {
    /** Half a minute that a laptop carries: some who work, and both kinds of attackers beside them. */
    smoke: {
      load: [
        users
          .ramp('3s', 20)
          .hold('22s')
          .journeys(...busy)
          .named('good users'),
        users(3).for('25s').journeys(bruteForce).named('attackers'),
        users(3).for('25s').journeys(hastyBots).named('bots'),
        users(1).for('25s').journeys(operate).named('operator'),
      ],
      warmUp: '3s',
      thresholds: { ...blocked, ...limited, 'check Redis answers in time': '= 100%' },
    },

    /** Scenario 1, "Normal Load": 100 users, 1,000 requests a minute, 10 minutes. */
    normal: {
      load: [
        users
          .ramp('10s', 100)
          .hold('10m')
          .journeys(...workers)
          .named('good users'),
        users(1).for('10m').journeys(operate).named('operator'),
      ],
      thresholds: { 'tag who:good': { rate: '>= 950/min' }, 'check Redis answers in time': '= 100%' },
    },
    /** Scenario 2, "Peak Load": 500 users, 5,000 requests a minute, 5 minutes, the same mix. */
    peak: {
      load: users
        .ramp('30s', 500)
        .hold('5m')
        .journeys(...workers)
        .named('good users'),
      thresholds: { 'tag who:good': { rate: '>= 4750/min' } },
    },
    /** Scenario 3, "Brute Force Attack": 50 attackers, 10 requests a second each, 2 minutes. */
    bruteForce: {
      load: [good, users(attackers).for('2m').journeys(bruteForce).named('attackers')],
      warmUp: '10s',
      thresholds: blocked,
    },
    /** Its good users by themselves: how much the attack costs them is the difference. */
    alone: { load: good, warmUp: '10s' },
    /** Scenario 4, "Bot Attack": 100 bots, 50 requests a minute each, 2 minutes. */
    bots: {
      load: [good, users(100).for('2m').journeys(bots).named('bots')],
      warmUp: '10s',
      thresholds: limited,
    },

    /** "Load Test Targets": 100 requests a second for 10 minutes, 500 for 5; a little more arrives than is wanted. */
    normalRate: {
      load: arrivals(105)
        .for('10m')
        .journeys(...requests)
        .max(100),
      warmUp: '10s',
      thresholds: { 'tag who:good': { rate: '>= 100/s' }, dropped: '= 0' },
    },
    peakRate: {
      load: arrivals(515)
        .for('5m')
        .journeys(...requests)
        .max(500),
      warmUp: '20s',
      thresholds: { 'tag who:good': { rate: '>= 500/s' }, dropped: '= 0' },
    },

    /** The stages and thresholds of its k6 script. */
    script: {
      load: users.ramp('1m', 100).hold('5m').ramp('1m', 500).hold('2m').ramp('1m', 0).journeys(visit),
      thresholds: { 'tag who:good': { p95: '< 500ms', p99: '< 1000ms', errors: '< 1%' } },
    },
  },

  thresholds: {
    // "Performance Targets", of those who are no attackers.
    'tag who:good': { p95: '< 200ms', p99: '< 500ms', errors: '< 0.1%' },
    // "Memory usage: < 200 MB" is of harbor alone: it can be told where Postgres is another's process.
    process: { cpu: '< 50%', ...(ownPostgres ? {} : { memory: '< 200MB' }) },
    // "Redis latency: < 10ms", at the 95th percentile; the operator's journey has what harbor itself shows.
    ...(withRedis ? { prometheus: { 'redis commands p95': '< 10ms' } } : {}),
  },
})
