import type { ThresholdSpec } from './compiled.ts'

/**
 * A threshold for a run of `load` times the load and `time` times the length. Limits on rates go with the load. How a
 * count goes with load and length depends on how often a user does it (a request for each iteration, a connection for
 * each user), so its limit stays, and the judge is told which way the run differs. Times and shares do not depend on how
 * much was asked, and a probe's limits are the machine's: they stay.
 */
export function scaleThreshold(spec: ThresholdSpec, load: number, time: number): ThresholdSpec {
  if (spec.scope.kind === 'probe' || spec.value === 0) return spec
  switch (spec.unit) {
    case '1/s':
    case 'B/s':
      return load === 1
        ? spec
        : {
            ...spec,
            value: spec.value * load,
            scaledLimit: `${scaledText(spec.limit, load)} (${bare(spec.limit)} × ${load})`,
          }
    case 'count':
    case 'B':
      return load === 1 && time === 1 ? spec : { ...spec, amount: amountOf(load, time) }
    default:
      return spec
  }
}

function amountOf(load: number, time: number): NonNullable<ThresholdSpec['amount']> {
  if (load <= 1 && time <= 1) return 'less'
  return load >= 1 && time >= 1 ? 'more' : 'other'
}

const scaledText = (limit: string, load: number): string =>
  limit.trim().replace(/\d+(\.\d+)?/, (number) => String(Number((Number(number) * load).toPrecision(12))))

/** Without its comparison: `500/s`. */
const bare = (limit: string): string => limit.replace(/^[\s<>=!]+/, '').trimEnd()
