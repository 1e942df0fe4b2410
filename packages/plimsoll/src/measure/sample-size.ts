/**
 * The fewest independent samples for which a two-sided 95 % interval of a quantile exists at all: the largest sample
 * must lie above it with 97.5 %, qⁿ ≤ 0.025. 36 for p90, 72 for p95, 368 for p99, 3,688 for p99.9 (validity rule V4;
 * distribution-free intervals: David & Nagaraja, Order Statistics, §7.1).
 */
export function minimumSamples(q: number): number {
  // From both ends: a low quantile needs a sample below it just the same.
  const nearer = Math.max(q, 1 - q)
  return Math.ceil(Math.log(0.025) / Math.log(nearer) - 1e-9)
}
