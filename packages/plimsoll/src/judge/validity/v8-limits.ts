import { judgedPoints } from '../../record/judged-points.ts'
import type { RunRecord, TimelinePoint } from '../../record/run-record.ts'
import type { ValidityFlag } from '../verdict.ts'
import { endedBroken, gravest } from './rule.ts'
import { ms, number, percent } from './text.ts'

const SUSTAINED = 0.01
const EXHAUSTED: ReadonlySet<string> = new Set(['NO_LOCAL_PORT', 'NO_FILE_DESCRIPTOR'])
/** The wall clock is read in whole milliseconds, so a difference of two readings is up to this wrong. */
const GRAIN = 1
const CLOCK_WINDOW = 10_000
/** A clock is set once, or it is being set all the time. */
const OFTEN = 3

/**
 * V8: nothing of the generator's own ran out. Standing at the cap on users, having no port or file descriptor left, or a
 * wall clock that moves by more than 1 ms in 10 s against the monotonic one: suspect when it happened, invalid when for
 * more than 1 % of the time, or of the requests (§3.3). Durations come from the monotonic clock, so a single step of the
 * wall clock makes no run invalid.
 */
export function checkLimits(record: RunRecord): ValidityFlag | undefined {
  const points = judgedPoints(record).map(({ point }) => point)
  return gravest([exhausted(record), capped(record, points), clockSteps(points)])
}

function exhausted({ errors, totals }: RunRecord): ValidityFlag | undefined {
  const seen = errors.filter(({ code }) => EXHAUSTED.has(code))
  const count = seen.reduce((sum, error) => sum + error.count, 0)
  if (count === 0) return undefined
  const codes = [...new Set(seen.map(({ code }) => code))].join(' and ')
  return {
    id: 'V8',
    severity: count > SUSTAINED * totals.requests ? 'invalid' : 'suspect',
    reason: `${number(count)} of ${number(totals.requests)} requests failed because the generator's machine had none left (${codes})`,
    advice:
      'Raise the limit on open files (ulimit -n) and widen net.ipv4.ip_local_port_range, keep connections alive, or give users source addresses of their own.',
  }
}

function capped(record: RunRecord, points: readonly TimelinePoint[]): ValidityFlag | undefined {
  let time = 0
  let atCap = 0
  for (const { from, to, generators } of points) {
    time += to - from
    atCap += Math.max(0, ...generators.map((generator) => generator.atCap)) * (to - from)
  }
  if (atCap <= 0) return undefined
  const share = atCap / time
  return {
    id: 'V8',
    severity: share > SUSTAINED && !endedBroken(record) ? 'invalid' : 'suspect',
    reason: `for ${percent(share)} of the time all users that the plan allows were at work, so arrivals had to be dropped`,
    advice:
      'Allow more users at once. If they all wait for the system, it does not carry this rate: measure at a lower one.',
  }
}

function clockSteps(points: readonly TimelinePoint[]): ValidityFlag | undefined {
  let windows = 0
  let largest = 0
  let moved = 0
  let since = points[0]?.from ?? 0
  points.forEach(({ to, generators }, i) => {
    moved += generators[0]?.clockStep ?? 0
    if (to - since < CLOCK_WINDOW && i < points.length - 1) return
    const allowed = Math.max(1, (to - since) / CLOCK_WINDOW) + GRAIN
    if (Math.abs(moved) > allowed) windows++
    if (Math.abs(moved) > Math.abs(largest)) largest = moved
    moved = 0
    since = to
  })
  if (windows === 0) return undefined
  return {
    id: 'V8',
    severity: windows >= OFTEN ? 'invalid' : 'suspect',
    reason: `the wall clock moved against the monotonic one ${windows === 1 ? 'once' : `${windows} times`}, by up to ${ms(Math.abs(largest))}`,
    advice:
      'Let the machine keep its time (chrony, systemd-timesyncd) before the run; a suspended machine does this too.',
  }
}
