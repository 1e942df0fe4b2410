import { arrivals, type Duration, journey, plan, type User, users } from 'plimsoll'
import { enrollDevices } from './harbor/devices.ts'
import { harbor, harborProbes, ownPostgres } from './harbor/system.ts'

/**
 * The performance targets and the four load scenarios of the Archive Origin service (phase 3B.2, task 3.5), run against
 * harbor. Rows of its tables are thresholds below; the tables' own words are in the comments.
 */

/** "10 requests per user", "20 requests per user": then the next person comes, with a device to enroll. */
const requestsPerUser: Readonly<Record<string, number>> = { normal: 10, peak: 20, soak: 20 }

/**
 * Devices that are enrolled before loads of arrivals begin: a service that falls behind gets more users at once, and if
 * each of them enrolled first, that much more to do.
 */
const devices: Readonly<Record<string, number>> = { smoke: 50, throughput: 500 }

interface Data {
  readonly requestsPerUser: number
  /** Of devices that are enrolled already; users share them. */
  readonly tokens: readonly string[]
}

/** A person with a phone: enrolled, with a number of requests left before the next person takes the place. */
async function enroll(user: User<Data>): Promise<void> {
  const response = await user.http.post('/device/enroll', {
    json: {
      device_id: user.unique('device'),
      device_token: 'test-token',
      device_name: 'Test Device',
      os_version: '17.1',
    },
  })
  const enrolled = user.check(response, { 'is enrolled': ({ status }) => status === 200 })
  user.state['token'] = enrolled ? response.json<{ enrollment_token: string }>().enrollment_token : undefined
  user.state['left'] = user.data.requestsPerUser - 1
}

/** `on_start`: with a device that is enrolled already where there are any. */
async function begin(user: User<Data>): Promise<void> {
  const { tokens, requestsPerUser } = user.data
  const ready = tokens[(user.id - 1) % Math.max(1, tokens.length)]
  if (ready === undefined) return enroll(user)
  user.state['token'] = ready
  user.state['left'] = requestsPerUser
}

/** The device's token, after a change of user if it is time; undefined when there is none to be had now. */
async function token(user: User<Data>): Promise<string | undefined> {
  if (user.state['token'] === undefined || user.state['left'] <= 0) await enroll(user)
  user.state['left'] -= 1
  return user.state['token']
}

async function lockProof(user: User<Data>): Promise<void> {
  const bearer = await token(user)
  if (bearer === undefined) return
  const response = await user.http.post('/lock-proof', {
    auth: { bearer },
    json: {
      capture_id: user.unique('capture'),
      proof_data: 'base64encodeddata',
      metadata: { timestamp: '2025-11-12T22:55:00Z' },
    },
  })
  user.check(response, {
    'is locked': ({ status }) => status === 200,
    'has a place in the ledger': (answer) => answer.json<{ sequence: number }>().sequence > 0,
  })
}

async function queryLedger(user: User<Data>): Promise<void> {
  const bearer = await token(user)
  if (bearer === undefined) return
  const response = await user.http.get('/ledger/entries', { auth: { bearer } })
  user.check(response, { 'has entries': (answer) => Array.isArray(answer.json<{ entries: unknown }>().entries) })
}

async function checkHealth(user: User<Data>): Promise<void> {
  await token(user)
  const response = await user.http.get('/health')
  user.check(response, { 'is healthy': ({ status }) => status === 200 })
}

/** The Locust file's users: `wait_time = between(1, 3)`, and tasks by their weights. */
const think = '1s..3s'
const people = [
  journey('lock a proof', { weight: 3, think }, lockProof),
  journey('check the health', { weight: 1, think }, checkHealth),
  journey('query the ledger', { weight: 2, think }, queryLedger),
]

/** The same without a pause: for "continuous requests", and for loads given as requests per second. */
const lock = journey('lock', { weight: 3 }, lockProof)
const health = journey('health', { weight: 1 }, checkHealth)
const ledger = journey('ledger', { weight: 2 }, queryLedger)
const enrollment = journey('enrollment', enroll)

/** All four requests at rates of their own, none of them waiting for the others. */
const requests = (perSecond: { health: number; enroll: number; lock: number; ledger: number }, duration: Duration) => [
  arrivals(perSecond.health).for(duration).journeys(health).named('health'),
  arrivals(perSecond.enroll).for(duration).journeys(enrollment).named('enrollments'),
  arrivals(perSecond.lock).for(duration).journeys(lock).named('locks'),
  arrivals(perSecond.ledger).for(duration).journeys(ledger).named('ledger queries'),
]

export default plan({
  name: 'Archive Origin',
  system: harbor({}),
  probes: harborProbes,

  setup: async (context): Promise<Data> => ({
    requestsPerUser: requestsPerUser[context.profile] ?? Number.MAX_SAFE_INTEGER,
    tokens: await enrollDevices(context, devices[context.profile] ?? 0),
  }),
  begin,
  journeys: [...people, lock, health, ledger, enrollment],

  profiles: {
    /** Half a minute that a laptop carries beside the generator and Postgres. */
    smoke: { load: requests({ health: 40, enroll: 35, lock: 80, ledger: 40 }, '30s'), warmUp: '3s' },

    /** Scenario 1, and the command line of its Locust file: `--users=100 --spawn-rate=10 --run-time=5m`. */
    normal: {
      load: users
        .ramp('10s', 100)
        .hold('5m')
        .journeys(...people),
    },

    /** Scenario 2: 500 concurrent users, 20 requests per user, mixed operations, 10 minutes. */
    peak: {
      load: users
        .ramp('50s', 500)
        .hold('10m')
        .journeys(...people),
    },

    /** Scenario 3: 1000+ concurrent users, continuous requests, until the system breaks: to find the breaking point. */
    stress: {
      load: users.ramp('2m', 1000).ramp('18m', 10_000).journeys(lock, health, ledger),
      // No endpoint may be slower at p95.
      until: { p95: '1s', errors: '10%', for: '10s' },
    },

    /** Scenario 4: 200 concurrent users, 8 hours, to see leaks and degradation. */
    soak: {
      load: users
        .ramp('20s', 200)
        .hold('8h')
        .journeys(...people),
    },

    /** The table "Throughput", all rows at once; a little more arrives than is wanted, so that chance does not decide. */
    throughput: {
      load: requests({ health: 1030, enroll: 105, lock: 515, ledger: 53 }, '2m'),
      warmUp: '10s',
      thresholds: {
        'GET /health': { rate: '>= 1000/s' },
        'POST /device/enroll': { rate: '>= 100/s' },
        'POST /lock-proof': { rate: '>= 500/s' },
        'GET /ledger/entries': { rate: '>= 50/s' },
        dropped: '= 0',
      },
    },
  },

  thresholds: {
    // The table "Response Times".
    'GET /health': { p50: '< 10ms', p95: '< 50ms', p99: '< 100ms' },
    'POST /device/enroll': { p50: '< 100ms', p95: '< 500ms', p99: '< 1000ms' },
    'POST /lock-proof': { p50: '< 50ms', p95: '< 300ms', p99: '< 500ms' },
    'GET /ledger/entries': { p50: '< 200ms', p95: '< 1000ms', p99: '< 2000ms' },
    errors: '< 1%',
    checks: '> 99%',
    // The table "Resource Utilization"; 1 Gbps is 125 MB/s.
    process: { cpu: '< 80%', memory: '< 512MB', disk: '< 100MB/s', network: '< 125MB/s' },
    postgres: {
      // "Database connections: < 50 active".
      connections: '< 50',
      // The test of queries, "less than 100ms"; another Postgres than harbor's own may not count statement times.
      ...(ownPostgres ? { 'query p95': '< 100ms' } : {}),
    },
  },
})
