import type { GeneratorInterval } from '../../record/events.ts'
import { judgedPoints } from '../../record/judged-points.ts'
import type { RunRecord } from '../../record/run-record.ts'
import type { ValidityFlag } from '../verdict.ts'
import { gravest } from './rule.ts'
import { ms, percent } from './text.ts'

/** A delay is the run's when it fills more than this share of the time, in at least two points of the timeline. */
const SHARE_OF_TIME = 0.1
/** One stall of the loop, whatever the run's length: a garbage collection is shorter. */
const LONG_STALL = { suspect: 50, invalid: 100 }

interface Seen {
  readonly length: number
  readonly generator: GeneratorInterval
}

/**
 * V2: the generator's event loops had time. Event-loop delay p99 above 5 ms suspect, above 20 ms invalid; working (the
 * spinning for precise starts not counted) above 70 % of the time suspect, above 90 % invalid; invalid also when a
 * single stall took more than a tenth of the slowest 1 % of the judged time (§3.3). Delays are known per second, so a
 * second is counted as bad when its own p99 is, and the run when more than a tenth of it is: one bad second in a short
 * run is no pattern. Held against each worker by itself.
 */
export function checkEventLoop(record: RunRecord): ValidityFlag | undefined {
  const byWorker = new Map<number, Seen[]>()
  for (const { point } of judgedPoints(record)) {
    for (const generator of point.generators) {
      const seen = byWorker.get(generator.worker) ?? []
      byWorker.set(generator.worker, seen)
      seen.push({ length: point.to - point.from, generator })
    }
  }
  return gravest([...byWorker.values()].flatMap((seen) => [busy(seen), delayed(seen), stalled(seen, record)]))
}

function busy(seen: readonly Seen[]): ValidityFlag | undefined {
  const time = seen.reduce((sum, { length }) => sum + length, 0)
  const worked = seen.reduce((sum, { length, generator }) => sum + generator.utilization * length, 0)
  const utilization = time > 0 ? worked / time : 0
  if (utilization <= 0.7) return undefined
  return {
    id: 'V2',
    severity: utilization > 0.9 ? 'invalid' : 'suspect',
    reason: `worker ${seen[0]?.generator.worker} was at work for ${percent(utilization)} of the time; above 70 % answers wait for the generator`,
    advice: 'Use more workers (one for each core), lower the load, or do less in the journey.',
  }
}

function delayed(seen: readonly Seen[]): ValidityFlag | undefined {
  const time = seen.reduce((sum, { length }) => sum + length, 0)
  const isAbove = (limit: number): boolean => {
    const bad = seen.filter(({ generator }) => generator.loopDelayP99 > limit)
    return bad.length >= 2 && bad.reduce((sum, { length }) => sum + length, 0) > SHARE_OF_TIME * time
  }
  if (!isAbove(5)) return undefined
  const worst = Math.max(...seen.map(({ generator }) => generator.loopDelayP99))
  const severity = isAbove(20) ? 'invalid' : 'suspect'
  return {
    id: 'V2',
    severity,
    reason: `worker ${seen[0]?.generator.worker}'s event loop was delayed by more than ${severity === 'invalid' ? 20 : 5} ms (p99 of a second; worst ${ms(worst)}) in over a tenth of the time`,
    advice: 'Take blocking work out of the journeys (large JSON, crypto, files), or use more workers.',
  }
}

function stalled(seen: readonly Seen[], { judged }: RunRecord): ValidityFlag | undefined {
  const longest = Math.max(...seen.map(({ generator }) => generator.loopDelayMax))
  const share = 0.1 * 0.01 * judged.duration
  if (longest <= Math.max(share, LONG_STALL.suspect)) return undefined
  return {
    id: 'V2',
    severity: longest > Math.max(share, LONG_STALL.invalid) ? 'invalid' : 'suspect',
    reason: `worker ${seen[0]?.generator.worker}'s event loop stood still for ${ms(longest)}, which shows in the slowest 1 % of a judged part of ${Number((judged.duration / 1000).toPrecision(3))} s`,
    advice: 'Look for blocking work in the journeys or a pause of the machine, and run for longer.',
  }
}
