import { describe, expect, it } from 'vitest'
import { millis } from '../../base/units.ts'
import { noise } from '../../measure/testing.ts'
import type { StopReason } from '../../record/events.ts'
import { fold } from '../../record/fold.ts'
import { type RunBuilder, threshold } from '../../record/testing.ts'
import { checkValidity } from './check-validity.ts'
import { type Simulation, simulate } from './simulated.ts'

const validity = (run: RunBuilder, reason?: StopReason) => checkValidity(fold(run.end(reason).events))
/** Ids and severities: `V1 invalid`. */
const flags = (simulation: Simulation, reason?: StopReason) =>
  validity(simulate(simulation), reason).flags.map(({ id, severity }) => `${id} ${severity}`)

describe('a healthy run', () => {
  it.each([1, 3, 10, 60, 300])('of %d s is valid without remark', (seconds) => {
    expect(validity(simulate({ seconds, seed: seconds }))).toEqual({ state: 'valid', flags: [] })
  })

  it('is valid in the closed model, with few users and few samples', () => {
    expect(flags({ perSecond: 2, seconds: 10 })).toEqual([])
  })

  it('is valid with the system and its database busy on the same machine', () => {
    expect(
      flags({ interval: () => ({ host: { cpuTotal: 1.98, cpuGenerator: 0.5, cpuSystem: 1.4, pressure: 0.6 } }) }),
    ).toEqual([])
  })

  it('is valid beside a local system whose processes are not known', () => {
    expect(flags({ interval: () => ({ host: { cpuTotal: 1.9, cpuSystem: undefined } }) })).toEqual([])
  })

  it('forgives one bad second, a late start and a pause for garbage', () => {
    expect(
      flags({
        lateness: (t) => (t === 3.5 ? 8 : 0.02),
        interval: (second) =>
          second === 2 ? { generator: { loopDelayP99: 25, loopDelayMax: 40, utilization: 0.95 } } : {},
      }),
    ).toEqual([])
  })

  // The goal is at most 5 % of false flags on a quiet machine (§4), where seconds resemble each other by about a half.
  it.each([
    [0.5, 0.02, 0.05],
    [0.9, 0.05, 0.1],
  ])('is hardly ever flagged by chance where seconds resemble each other by %d', (phi, mostInvalid, mostFlagged) => {
    const states: string[] = []
    for (let seed = 0; seed < 120; seed++) {
      const level = noise(seed + 5000).autoregressive(phi)
      const levels = Array.from({ length: 150 }, () => 20 * Math.exp(0.1 * level()))
      const response = (t: number, normal: () => number) => (levels[Math.floor(t)] ?? 20) * Math.exp(0.2 * normal())
      states.push(validity(simulate({ seconds: 150, seed, perSecond: 10, response })).state)
    }
    expect(states.filter((state) => state === 'invalid').length / 120).toBeLessThanOrEqual(mostInvalid)
    expect(states.filter((state) => state !== 'valid').length / 120).toBeLessThanOrEqual(mostFlagged)
  })

  it('of a killed process is not doubted for what the kill cut off', () => {
    const run = simulate().interval({ shapes: [{ shape: 'arrivals', scheduled: 9, started: 7, inFlight: 7 }] })
    expect(checkValidity(fold(run.events)).flags).toEqual([])
  })
})

describe('V1, the schedule', () => {
  it('finds a generator that fires each second in one burst', () => {
    // hey and locust: lateness p50 50 to 500 ms, p99 98 to 980 ms.
    expect(flags({ lateness: (t) => (1 - (t % 1)) * 1000 })).toEqual(['V1 invalid'])
  })

  it('finds a generator that falls behind ever more', () => {
    // Artillery at 2,000/s: lateness p50 176 ms, p99 308 ms.
    expect(flags({ lateness: (t) => t * 30 })).toContain('V1 invalid')
  })

  it('finds noisy neighbours by the starts that came late', () => {
    expect(flags({ lateness: (_, normal) => (normal() > 2 ? 77 : 0.7) })).toEqual(['V1 invalid'])
  })

  it('finds a pool of users that is too small for a stall', () => {
    // k6 with 50 users: 18 % of the arrivals dropped, and p95 reported as 5 ms.
    const run = {
      response: (t: number) => (t % 5 > 2 && t % 5 < 3 ? 500 : 5),
      dropped: (s: number) => (s % 5 === 2 ? 91 : 0),
    }
    expect(flags(run)).toEqual(['V1 invalid'])
    const [flag] = validity(simulate(run)).flags
    expect(flag?.reason).toContain('81.8 % of 1,000 planned iterations were started; 182 were dropped')
  })

  it('calls a pool that was too small once suspect', () => {
    expect(flags({ dropped: (second) => (second === 4 ? 2 : 0) })).toEqual(['V1 suspect'])
  })

  it('holds lateness against what was measured', () => {
    const slowly = (t: number) => ({ response: () => 400, lateness: () => t })
    expect(flags(slowly(15))).toEqual([])
    expect(flags(slowly(25))).toEqual(['V1 suspect'])
    expect(flags(slowly(45))).toEqual(['V1 invalid'])
  })

  it('takes dropped arrivals as the result where the run went on until the system broke', () => {
    const broken: StopReason = { kind: 'broken', criterion: 'dropped arrivals above 5 % for 10 s' }
    const run = { dropped: (second: number) => (second > 7 ? 60 : 0), interval: () => ({ generator: { atCap: 0.3 } }) }
    expect(flags(run, broken)).toEqual(['V1 suspect', 'V8 suspect'])
    expect(flags(run)).toEqual(['V1 invalid', 'V8 invalid'])
  })

  it('looks at the judged part only', () => {
    const late: Simulation = {
      lateness: (t) => (t < 2 ? 500 : 0.02),
      interval: (second) => (second < 2 ? { phase: 'warm-up' as const } : {}),
    }
    expect(flags(late)).toEqual([])
  })
})

describe('V2, the event loop', () => {
  const always = (generator: object) => flags({ interval: () => ({ generator }) })

  it('finds a saturated generator (closed loop without think time)', () => {
    expect(always({ utilization: 0.97 })).toEqual(['V2 invalid'])
    expect(always({ utilization: 0.8 })).toEqual(['V2 suspect'])
  })

  it('finds delays that last, not those that pass', () => {
    expect(always({ loopDelayP99: 30 })).toEqual(['V2 invalid'])
    expect(always({ loopDelayP99: 8 })).toEqual(['V2 suspect'])
    const some = (every: number) =>
      flags({ seconds: 100, interval: (s) => (s % every === 0 ? { generator: { loopDelayP99: 30 } } : {}) })
    expect(some(5)).toEqual(['V2 invalid'])
    expect(some(20)).toEqual([])
  })

  it('finds a single stall that fills the slowest 1 %', () => {
    const stall = (loopDelayMax: number, seconds: number) =>
      flags({ seconds, interval: (s) => (s === 3 ? { generator: { loopDelayMax } } : {}) })
    expect(stall(900, 10)).toEqual(['V2 invalid'])
    expect(stall(70, 10)).toEqual(['V2 suspect'])
    expect(stall(200, 300)).toEqual([])
  })

  it('judges each worker by itself', () => {
    const workers = [
      { worker: 0, utilization: 0.1, inFlightRequests: 0 },
      { worker: 1, utilization: 0.95, inFlightRequests: 0 },
    ]
    const result = validity(simulate({ interval: () => ({ generators: workers, series: [] }) }))
    expect(result.flags[0]?.reason).toContain('worker 1 was at work for 95 %')
  })
})

describe('V3, the neighbours', () => {
  const host = (values: object, plan = {}) => flags({ plan, interval: () => ({ host: values }) })

  it('finds others at work', () => {
    expect(host({ cpuTotal: 1.0 })).toEqual(['V3 suspect'])
    expect(host({ cpuTotal: 1.6 })).toEqual(['V3 invalid'])
  })

  it('finds stolen time, throttling, and pressure on a machine of its own', () => {
    expect(host({ steal: 0.03 })).toEqual(['V3 suspect'])
    expect(host({ throttled: 2 })).toEqual(['V3 invalid'])
    const remote = { url: 'https://staging.example.com' }
    expect(host({ pressure: 0.5, cpuSystem: undefined, cpuTotal: 0.3 }, remote)).toEqual(['V3 invalid'])
    expect(host({ pressure: 0.5 })).toEqual([])
  })

  it('says nothing where nothing is known', () => {
    const unknown = { cpuTotal: undefined, steal: undefined, throttled: undefined, pressure: undefined }
    expect(host(unknown)).toEqual([])
  })
})

describe('V4, the samples', () => {
  const plan = { thresholds: [threshold({ metric: 'p99', statistic: { kind: 'quantile', q: 0.99 } })] }

  it('finds a percentile that hangs on one event', () => {
    const response = (t: number) => (t > 20 && t < 20.8 ? 500 + t : 5 + (t % 0.1))
    expect(flags({ seconds: 60, plan, response })).toContain('V4 suspect')
  })

  it('does not doubt a run for being short', () => {
    expect(flags({ seconds: 5, perSecond: 20, plan })).toEqual([])
    const stall = (t: number) => (t > 7 && t < 7.4 ? 60 + t : 5 + (t % 0.1))
    expect(flags({ seconds: 10, perSecond: 300, plan, response: stall })).toEqual([])
  })
})

describe("V5, Little's law", () => {
  const share = (of: number) =>
    flags({ response: () => 20, interval: () => ({ generator: { inFlightArea: of * 100 * 20 } }) })

  it('finds lost and invented samples', () => {
    expect(share(1.37)).toEqual(['V5 invalid'])
    expect(share(0.3)).toEqual(['V5 invalid'])
    expect(share(1.02)).toEqual(['V5 suspect'])
    expect(share(1.005)).toEqual([])
  })

  it('forgives the grain of the clocks for very short requests', () => {
    const run = { response: () => 0.08, interval: () => ({ generator: { inFlightArea: 100 * 0.11 } }) }
    expect(flags(run)).toEqual([])
  })
})

describe('V6, the steady state', () => {
  const seconds = 200

  it('finds a queue that grows', () => {
    expect(flags({ seconds, response: (t, normal) => 20 + t + normal() })).toEqual(['V6 invalid'])
  })

  it('finds a system that was still getting faster', () => {
    const [flag] = validity(simulate({ seconds, response: (t, normal) => 60 - t / 5 + normal() })).flags
    expect(flag).toMatchObject({ id: 'V6', severity: 'invalid' })
    expect(flag?.advice).toContain('warm-up')
  })

  it('finds a warm-up that was left in', () => {
    expect(flags({ seconds, response: (t, normal) => (t < 60 ? 80 : 20) + normal() })[0]).toMatch(/^V6/)
  })

  it('does not mind small changes, short runs and changing loads', () => {
    expect(flags({ seconds, response: (t, normal) => 100 + t / 50 + normal() })).toEqual([])
    expect(flags({ seconds, response: (t) => 0.3 + t / 1000 })).toEqual([])
    expect(flags({ seconds: 60, response: (t, normal) => 20 + t + normal() })).toEqual([])
    const ramping = (s: number) => ({ phase: s < 199 ? ('ramp' as const) : ('stopping' as const) })
    expect(flags({ seconds, response: (t, normal) => 20 + t + normal(), interval: ramping })).toEqual([])
  })
})

describe('V7, the calibration', () => {
  const calibrated = (p50: number, p99: number, response = 20, count = 3000) => {
    const run = simulate({ response: () => response }).end()
    run.add({ type: 'calibration', rate: 100, delayMs: 5, count, p50, p99 })
    return checkValidity(fold(run.events)).flags.map(({ id, severity }) => `${id} ${severity}`)
  }

  it('finds a generator that measures a known delay wrongly', () => {
    expect(calibrated(5.03, 5.06)).toEqual([])
    expect(calibrated(5.1, 6.5)).toEqual(['V7 suspect'])
    expect(calibrated(5.1, 8)).toEqual(['V7 invalid'])
  })

  it('does not throw a run away for a p99 that hangs on a handful of answers', () => {
    expect(calibrated(5.1, 8, 20, 400)).toEqual(['V7 suspect'])
  })

  it('holds the error against what was measured', () => {
    expect(calibrated(5.1, 8, 100)).toEqual([])
    expect(calibrated(5.1, 5.3, 0.2)).toEqual(['V7 invalid'])
    expect(calibrated(5.03, 5.04, 0.2)).toEqual([])
  })
})

describe('V8, the limits', () => {
  it('finds users at the cap', () => {
    expect(flags({ interval: () => ({ generator: { atCap: 0.2 } }) })).toEqual(['V8 invalid'])
    expect(flags({ interval: (s) => (s === 0 ? { generator: { atCap: 0.05 } } : {}) })).toEqual(['V8 suspect'])
  })

  it('finds ports and file descriptors that ran out', () => {
    const errors = (count: number) =>
      flags({ interval: (s) => (s === 5 ? { errors: [{ code: 'NO_LOCAL_PORT', name: 'GET /', count }] } : {}) })
    expect(errors(3)).toEqual(['V8 suspect'])
    expect(errors(40)).toEqual(['V8 invalid'])
  })

  it('finds a clock that is being set, not the grain of reading it', () => {
    const steps = (clockStep: (second: number) => number) =>
      flags({ seconds: 60, interval: (s) => ({ generator: { clockStep: clockStep(s) } }) })
    expect(steps((s) => (s % 2 === 0 ? 0.9 : -0.9))).toEqual([])
    expect(steps((s) => (s === 30 ? 50 : 0))).toEqual(['V8 suspect'])
    expect(steps(() => 0.5)).toEqual(['V8 invalid'])
  })
})

describe('conservation and workers', () => {
  it('finds counts that do not add up', () => {
    const shape = (counts: object) => [{ shape: 'arrivals', scheduled: 5, started: 5, completed: 5, ...counts }]
    const result = (counts: object) => validity(simulate().interval({ shapes: shape(counts) })).flags[0]
    expect(result({})).toBeUndefined()
    expect(result({ started: 4, completed: 4 })?.reason).toContain('1,005 scheduled, but started and dropped are 1,004')
    expect(result({ completed: 3 })).toMatchObject({ id: 'conservation', severity: 'invalid' })
    expect(result({ completed: 3, failed: 1, aborted: 1 })).toBeUndefined()
    expect(result({ completed: 3, inFlight: 2 })).toBeUndefined()
  })

  it('finds endpoints that are not the whole', () => {
    const run = simulate().interval({ series: [{ values: [1, 2] }, { scope: 'endpoint', name: 'GET /', values: [1] }] })
    expect(validity(run).flags[0]?.reason).toContain("1,002 requests, but the endpoints' are 1,001")
  })

  it('finds a lost worker, and does not blame the counts that it took along', () => {
    const run = simulate({ interval: (s) => (s > 6 ? { missingWorkers: [1] } : {}) })
    run.interval({ missingWorkers: [1], shapes: [{ shape: 'arrivals', scheduled: 9, started: 9, completed: 2 }] })
    const result = validity(run, { kind: 'worker lost', message: 'worker 1 was lost: out of memory' })
    expect(result.flags.map(({ id }) => id)).toEqual(['workers'])
    expect(result.flags[0]?.reason).toBe('worker 1 fell silent before the end: worker 1 was lost: out of memory')
  })

  it('names the journey that looped', () => {
    const run = simulate().add({
      type: 'fault',
      kind: 'looped',
      journey: 'buy',
      user: 7,
      message: 'no turn for 5 s',
      stack: undefined,
      count: 1,
    })
    expect(validity(run).flags[0]).toMatchObject({ id: 'workers', severity: 'invalid' })
    expect(validity(run).flags[0]?.reason).toContain("'buy' of user 7")
  })
})

describe('a run that ended in its warm-up', () => {
  it('has nothing to doubt', () => {
    expect(flags({ interval: () => ({ phase: 'warm-up' as const, generator: { utilization: 1 } }) })).toEqual([])
    expect(checkValidity(fold(simulate({ seconds: 0, plan: { warmUp: millis(5000) } }).end().events)).state).toBe(
      'valid',
    )
  })
})
