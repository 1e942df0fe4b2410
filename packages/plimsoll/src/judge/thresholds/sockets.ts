import { nearestNames } from '../../base/nearest-names.ts'
import { rateOf, share } from '../../base/units.ts'
import type { ThresholdSpec, ThresholdSubject } from '../../plan/compiled.ts'
import type { RunRecord } from '../../record/run-record.ts'
import { nothing, type Reading } from './reading.ts'

type MessageSubject = Extract<ThresholdSubject, { kind: 'message' }>

/** How many messages of one name came or went in the judged part, over all protocols. */
export function readMessages(
  { messages, judged }: RunRecord,
  { direction, name }: MessageSubject,
  { series, statistic, unit }: ThresholdSpec,
): Reading {
  const same = messages.filter((one) => one.direction === direction)
  const found = same.filter((one) => one.name === name)
  if (found.length === 0) {
    const names = [...new Set(same.map((one) => one.name))]
    return nothing(
      `no message ${direction === 'in' ? 'from' : 'to'} the system was "${name}"; ${nearestNames(name, names)}`,
    )
  }
  const count = found.reduce((sum, one) => sum + one.judged.count, 0)
  const bytes = found.reduce((sum, one) => sum + one.judged.bytes, 0)
  if (count === 0) return nothing(`its messages all lie outside the judged part (${judged.window})`)
  const amount = series === 'bytes' ? bytes : count
  const isRate = statistic.kind === 'rate' || unit === 'B/s'
  return { found: true, actual: isRate ? rateOf(amount, judged.duration) : amount, samples: count }
}

/** Who never came back, and whose state was restored: of the whole run, over all protocols. */
export function readReturns({ connections }: RunRecord, { series, unit }: ThresholdSpec): Reading {
  const sum = (of: (one: (typeof connections)[number]) => number): number =>
    connections.reduce((all, one) => all + of(one), 0)
  const [back, never] = [sum((one) => one.reconnected), sum((one) => one.neverBack)]
  const [recovered, notRecovered] = [sum((one) => one.recovered), sum((one) => one.notRecovered)]
  const isNever = series === 'never'
  const part = isNever ? never : recovered
  const whole = isNever ? back + never : recovered + notRecovered
  if (whole === 0) {
    return nothing(
      isNever ? 'no connection was lost that was to come back' : 'no reconnect asked the server to restore its state',
    )
  }
  return { found: true, actual: unit === 'ratio' ? (share(part, whole) ?? 0) : part, samples: whole }
}
