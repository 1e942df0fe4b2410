/**
 * The few special functions that intervals need. Sources: Lanczos' approximation with g = 7, n = 9 (Godfrey's
 * coefficients); the continued fraction of the incomplete beta function by the modified Lentz method, Press et al.,
 * Numerical Recipes, 3rd ed., §6.1 and §6.4.
 */
const LANCZOS_FIRST = 0.99999999999980993
const LANCZOS: readonly number[] = [
  676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
]
const TINY = 1e-300
/** The fraction converges in about √max(a, b) steps. */
const MOST_STEPS = 100_000

/** ln Γ(x) for x > 0. */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x)
  const shifted = x - 1
  const t = shifted + 7.5
  const series = LANCZOS.reduce((sum, c, i) => sum + c / (shifted + i + 1), LANCZOS_FIRST)
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(t) - t + Math.log(series)
}

/** The regularized incomplete beta function I_x(a, b): the beta distribution's cumulative probability. */
export function betaCdf(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x))
  // The fraction converges fast only on this side of the mean; the other side by symmetry.
  return x < (a + 1) / (a + b + 2) ? (front * fraction(x, a, b)) / a : 1 - (front * fraction(1 - x, b, a)) / b
}

/** The x at which I_x(a, b) = p. */
export function betaQuantile(p: number, a: number, b: number): number {
  return bisect((x) => betaCdf(x, a, b) < p, 0, 1)
}

/** The t distribution's two-sided critical value: P(|T| ≤ t) = confidence. By its relation to the beta distribution. */
export function studentT(confidence: number, freedom: number): number {
  // P(|T| > t) = I_x(ν/2, 1/2) with x = ν/(ν + t²).
  const x = betaQuantile(1 - confidence, freedom / 2, 0.5)
  return Math.sqrt(freedom * (1 / x - 1))
}

/** Φ(z), the standard normal distribution's cumulative probability, by its relation to the incomplete gamma function. */
export function normalCdf(z: number): number {
  const half = 0.5 * lowerGamma(0.5, (z * z) / 2)
  return z < 0 ? 0.5 - half : 0.5 + half
}

/** P(a, x), the regularized lower incomplete gamma function (Numerical Recipes §6.2). */
function lowerGamma(a: number, x: number): number {
  if (x <= 0) return 0
  const front = Math.exp(a * Math.log(x) - x - logGamma(a))
  if (x < a + 1) {
    let term = 1 / a
    let sum = term
    for (let n = 1; n < 1000 && term > sum * 1e-16; n++) {
      term *= x / (a + n)
      sum += term
    }
    return front * sum
  }
  let b = x + 1 - a
  let c = 1 / TINY
  let d = 1 / b
  let h = d
  for (let i = 1; i < 1000; i++) {
    const an = -i * (i - a)
    b += 2
    d = 1 / away(an * d + b)
    c = away(b + an / c)
    h *= d * c
    if (Math.abs(d * c - 1) < 1e-15) break
  }
  return 1 - front * h
}

function fraction(x: number, a: number, b: number): number {
  let c = 1
  let d = 1 / away(1 - ((a + b) * x) / (a + 1))
  let h = d
  for (let m = 1; m < MOST_STEPS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / away(1 + even * d)
    c = away(1 + even / c)
    h *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / away(1 + odd * d)
    c = away(1 + odd / c)
    h *= d * c
    if (Math.abs(d * c - 1) < 1e-14) break
  }
  return h
}

/** Keeps a divisor off zero, as Lentz' method wants. */
const away = (value: number): number => (Math.abs(value) < TINY ? TINY : value)

function bisect(isBelow: (x: number) => boolean, from: number, to: number): number {
  let low = from
  let high = to
  for (let i = 0; i < 200 && low < high; i++) {
    const middle = (low + high) / 2
    if (middle === low || middle === high) break
    if (isBelow(middle)) low = middle
    else high = middle
  }
  return (low + high) / 2
}
