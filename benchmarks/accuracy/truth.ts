import { ascending, quantile } from '../harness/statistics.ts'
import type { Mode, Served } from '../servers/known-delay.ts'
import { type PercentileName, percentileNames, quantileOf } from '../tools/tool.ts'

/** What the server itself did, by its own record. */
export interface Truth {
  readonly arrivals: number
  /** From arrival to sending, in milliseconds, by percentile. */
  readonly residence: Readonly<Record<PercentileName, number>>
  /**
   * From when an answer was due to when it was sent, in microseconds: how far the yardstick is to be trusted. Without
   * those that were due together at the end of a freeze, which can only be sent one after the other.
   */
  readonly lateness: { readonly p50: number; readonly p99: number; readonly max: number }
  /** Share of the arrivals that met the freeze. */
  readonly frozen: number
}

/** The freeze lasts one second of every five. */
const FROZEN_SHARE = 0.2
/** Answers take 5 ms outside the freeze; longer than this, they met it. */
const MET_FREEZE_MS = 6

export function truthOf(served: readonly Served[]): Truth {
  const residence = ascending(served.map(({ arrival, sent }) => sent - arrival))
  const single = served.filter(({ due }, i) => due !== served[i - 1]?.due)
  const lateness = ascending(single.map(({ due, sent }) => (sent - due) * 1000))
  return {
    arrivals: served.length,
    residence: record((name) => quantile(residence, quantileOf(name))),
    lateness: { p50: quantile(lateness, 0.5), p99: quantile(lateness, 0.99), max: quantile(lateness, 1) },
    frozen: residence.filter((time) => time > MET_FREEZE_MS).length / residence.length,
  }
}

/**
 * What a tool should have reported. Normally what the server did with the tool's own requests. But who waits for answers
 * sends little into the freeze, so the server's record of such a run knows little of it: then it is what the ideal client
 * met, which kept to the schedule.
 */
export function expected(mode: Mode, own: Truth, ideal: Truth | undefined): Readonly<Record<PercentileName, number>> {
  const keptToSchedule = mode !== 'stall' || Math.abs(own.frozen / FROZEN_SHARE - 1) <= 0.01
  return keptToSchedule ? own.residence : (ideal?.residence ?? unfrozenSchedule)
}

/** Without an ideal client: even arrivals, a fifth of them held until the freeze ends, and all then answered at once. */
const unfrozenSchedule = record((name) => {
  const q = quantileOf(name)
  return 5 + Math.max(0, (q - (1 - FROZEN_SHARE)) / FROZEN_SHARE) * 1000
})

/** The project's bars: allowed error as a share, or in milliseconds where that is more. */
export function isWithinBar(mode: Mode, name: PercentileName, reported: number, truth: number): boolean {
  const error = Math.abs(reported - truth)
  if (mode === 'stall' && name !== 'p50' && name !== 'p99.9') return error <= 0.01 * truth
  const [share, ms] = name === 'p99' || name === 'p99.9' ? [0.03, 1] : [0.02, 0.2]
  return error <= Math.max(share * truth, ms)
}

function record(of: (name: PercentileName) => number): Readonly<Record<PercentileName, number>> {
  const entries = percentileNames.map((name) => [name, of(name)] as const)
  return Object.fromEntries(entries) as Record<PercentileName, number>
}
