import { arrivals, journey, plan, users } from 'plimsoll'
import { deliveries, enter, gather, listGroups, postMessage, readMessages, talking } from './harbor/chat.ts'
import { harbor, harborProbes, ownPostgres, withoutLimits, withRedis } from './harbor/system.ts'

/**
 * The goals of dchat.pro's "Performance Optimization Guide" and its five load scenarios, with the tasks of its Locust file,
 * run against harbor. Its users sign in with a wallet; here they have passwords, since what is under load afterwards is
 * the same, and the wallet has tests of its own.
 */

/** The users of each profile: as many accounts and room places are made before it begins. */
const most: Readonly<Record<string, number>> = {
  smoke: 50,
  normal: 100,
  peak: 500,
  endurance: 200,
  stages: 200,
  throughput: 500,
  connections: 10_000,
  stress: 10_000,
}

/** `wait_time = between(1, 3)`, and the tasks by their weights. */
const think = '1s..3s'
const people = [
  journey('get messages', { weight: 3, think }, readMessages),
  journey('post a message', { weight: 1, think }, postMessage),
  journey('get groups', { weight: 1, think }, listGroups),
]
/** Those of them who are online say something in their rooms once in a while. */
const online = talking('20s..40s', 'online: ')
/** For the profile that shows everything within half a minute. */
const lively = talking(think)

/** The same tasks without a pause: for goals given as requests per second. */
const get = journey('get', readMessages)
const post = journey('post', postMessage)
const groups = journey('groups', listGroups)

/** 3 : 1 : 1; as many at once as come within half a second, the limit of p99. */
const requests = (perSecond: number, duration: '25s' | '2m') => [
  arrivals(perSecond * 0.6)
    .for(duration)
    .journeys(get)
    .named('get messages')
    .max(300),
  arrivals(perSecond * 0.2)
    .for(duration)
    .journeys(post)
    .named('post messages')
    .max(100),
  arrivals(perSecond * 0.2)
    .for(duration)
    .journeys(groups)
    .named('get groups')
    .max(100),
]

export default plan({
  name: 'dchat',
  // "SQLALCHEMY_POOL_SIZE = 20", and 10 above it.
  system: harbor({ ...withoutLimits, HARBOR_DB_CONNECTIONS: '30' }),
  probes: {
    ...harborProbes,
    prometheus: { figures: { 'connections in use': { gauge: 'db_active_connections' } } },
  },
  setup: (context) => gather(context, most[context.profile] ?? 1000),
  begin: enter,
  journeys: [...people, ...online, ...lively, get, post, groups],
  deliveries,

  profiles: {
    /** Half a minute that a laptop carries. */
    smoke: {
      load: users
        .ramp('5s', 50)
        .hold('20s')
        .journeys(...people, ...lively),
      warmUp: '5s',
    },

    /** Scenario 1, "Normal Load": 100 users, 10 minutes; all requests succeed, P95 < 300 ms. */
    normal: {
      load: users(100)
        .for('10m')
        .journeys(...people),
      warmUp: '10s',
      thresholds: { errors: '= 0' },
    },
    /** Scenario 2, "Peak Load": 500 users, 5 minutes; errors < 1 %, P95 < 500 ms. */
    peak: {
      load: users
        .ramp('50s', 500)
        .hold('5m')
        .journeys(...people),
      thresholds: { http: { p95: '< 500ms' } },
    },
    /** Scenario 3, "Stress Test": 1000 users and more, until failure, to find the breaking point. */
    stress: {
      load: users
        .ramp('2m', 1000)
        .ramp('18m', 10_000)
        .journeys(...people),
      until: 'broken',
    },
    /** Scenario 4, "Spike Test": from 100 to 1000 users in a minute. */
    spike: {
      load: users(100)
        .for('1m')
        .ramp('1m', 1000)
        .hold('2m')
        .journeys(...people),
      judge: 'all',
      warmUp: '10s',
    },
    /** Scenario 5, "Endurance Test": 200 users, 24 hours, to find leaks. */
    endurance: {
      load: users
        .ramp('20s', 200)
        .hold('24h')
        .journeys(...people),
    },

    /** `locust --users 1000 --spawn-rate 10 --run-time 5m`. */
    locust: {
      load: users
        .ramp('100s', 1000)
        .hold('200s')
        .journeys(...people),
    },
    /** The stages of the k6 script, and its thresholds: p(95) < 500 ms, errors < 1 %. */
    stages: {
      load: users
        .ramp('2m', 100)
        .hold('5m')
        .ramp('2m', 200)
        .hold('5m')
        .ramp('2m', 0)
        .journeys(...people),
      thresholds: { http: { p95: '< 500ms' } },
    },

    /** "1000 requests/second per instance"; a little more arrives than is wanted. */
    throughput: {
      load: requests(1030, '2m'),
      warmUp: '10s',
      thresholds: { http: { rate: '>= 1000/s' }, dropped: '= 0' },
    },
    /** "10,000 concurrent WebSocket connections", in rooms of 50 where somebody says something once in a while. */
    connections: {
      load: users
        .ramp('5m', 10_000)
        .hold('2m')
        .journeys(...online),
      thresholds: { 'socketio connect': { count: '>= 10000', errors: '= 0' }, 'delivery message': { lost: '= 0' } },
    },
  },

  thresholds: {
    // "Target Performance Goals".
    http: { p50: '< 100ms', p95: '< 300ms', p99: '< 500ms' },
    errors: '< 1%',
    checks: '> 99%',
    // "Memory: < 80% average", of the 4 GB of its production instances.
    process: { cpu: '< 70%', 'memory mean': '< 3.2GB' },
    // "Database connections: < 80% of pool", which is 20 and 10 above it: that work for someone, as the guide counts them.
    prometheus: { 'connections in use': '< 24' },
    ...(ownPostgres ? { postgres: { 'query p95': '< 50ms' } } : {}),
    // "During: Redis memory", watched; no number is given for it, but that nothing may be lost for want of it.
    ...(withRedis ? { redis: { memory: '< 1GB', evicted: '= 0' } } : {}),
  },
})
