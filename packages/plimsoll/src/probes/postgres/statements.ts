/**
 * Query times from pg_stat_statements, which counts for each statement since it was first seen: calls, and mean,
 * standard deviation, minimum and maximum of its execution times in milliseconds.
 */
export interface StatementReading {
  readonly id: string
  readonly calls: number
  readonly mean: number
  readonly deviation: number
  readonly min: number
  readonly max: number
}

/** One statement over one interval. */
export interface StatementInterval {
  readonly calls: number
  readonly mean: number
  readonly deviation: number
  readonly min: number
  readonly max: number
}

export interface QueryTimes {
  /** Executions in the interval. */
  readonly calls: number
  readonly mean: number
  readonly p95: number
}

/**
 * What happened between two readings: calls, sums and sums of squares subtract; minimum and maximum do not, and stay
 * bounds. A statement with fewer calls than before was evicted or reset: then all of it is new.
 */
export function statementsBetween(
  before: readonly StatementReading[],
  after: readonly StatementReading[],
): readonly StatementInterval[] {
  const earlier = new Map(before.map((statement) => [statement.id, statement]))
  const result: StatementInterval[] = []
  for (const now of after) {
    const then = earlier.get(now.id)
    const isContinued = then !== undefined && then.calls <= now.calls
    const calls = now.calls - (isContinued ? then.calls : 0)
    if (calls <= 0) continue
    const mean = (sum(now) - (isContinued ? sum(then) : 0)) / calls
    const square = (sumOfSquares(now) - (isContinued ? sumOfSquares(then) : 0)) / calls
    const { min, max } = now
    result.push({
      calls,
      mean: clamp(mean, min, max),
      deviation: Math.sqrt(Math.max(0, square - mean * mean)),
      min,
      max,
    })
  }
  return result
}

const sum = ({ calls, mean }: StatementReading) => calls * mean
const sumOfSquares = ({ calls, mean, deviation }: StatementReading) => calls * (mean * mean + deviation * deviation)
const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value))

/**
 * Mean and 95th percentile over all executions of the interval; undefined when there were none. The mean is exact. The
 * percentile is an estimate, because Postgres keeps no distribution: each statement's times are taken as log-normal with
 * the statement's own mean and deviation, kept within its minimum and maximum, and all statements mixed by their calls.
 */
export function queryTimes(statements: readonly StatementInterval[]): QueryTimes | undefined {
  const calls = statements.reduce((total, statement) => total + statement.calls, 0)
  if (calls === 0) return undefined
  const total = statements.reduce((time, statement) => time + statement.calls * statement.mean, 0)
  return { calls, mean: total / calls, p95: mixtureQuantile(statements, calls, 0.95) }
}

/** Bisection, on a log scale, for the time that a share `q` of all executions stayed under. */
function mixtureQuantile(statements: readonly StatementInterval[], calls: number, q: number): number {
  const distributions = statements.map((statement) => ({
    share: statement.calls / calls,
    under: distribution(statement),
  }))
  const shareUnder = (time: number) =>
    distributions.reduce((share, { share: weight, under }) => share + weight * under(time), 0)
  let low = Math.log(TINY)
  let high = Math.log(Math.max(TINY, ...statements.map(({ max }) => max)))
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2
    if (shareUnder(Math.exp(middle)) >= q) high = middle
    else low = middle
  }
  return Math.exp(high)
}

/** Shorter than Postgres can time. */
const TINY = 1e-6

function distribution({ mean, deviation, min, max }: StatementInterval): (time: number) => number {
  const spread = Math.sqrt(Math.log1p((deviation / Math.max(mean, TINY)) ** 2))
  if (spread < 1e-3) return (time) => (time >= mean ? 1 : 0)
  const centre = Math.log(Math.max(mean, TINY)) - (spread * spread) / 2
  return (time) => {
    if (time >= max) return 1
    return time < min ? 0 : normalShareUnder((Math.log(time) - centre) / spread)
  }
}

/** The normal distribution function to 7.5e-8: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.17. */
function normalShareUnder(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z))
  const polynomial = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  const above = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * polynomial
  return z > 0 ? 1 - above : above
}

/**
 * The longest execution known to have happened since the first reading: Postgres tells it only of statements whose
 * maximum rose or that are new, so this is a lower bound. Undefined when no maximum rose.
 */
export function longestSince(first: readonly StatementReading[], now: readonly StatementReading[]): number | undefined {
  const earlier = new Map(first.map(({ id, max }) => [id, max]))
  const risen = now.filter(({ id, max }) => max > (earlier.get(id) ?? 0)).map(({ max }) => max)
  return risen.length === 0 ? undefined : Math.max(...risen)
}
