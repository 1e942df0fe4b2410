/** Seeded noise for simulations in tests. */
export function noise(seed: number) {
  let state = seed >>> 0
  /** mulberry32, in (0, 1). */
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 2 ** 32
  }
  /** Box–Muller. */
  const normal = (): number => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
  /** A stationary AR(1) series of unit variance. */
  const autoregressive = (phi: number): (() => number) => {
    let x = normal()
    const step = Math.sqrt(1 - phi * phi)
    return () => {
      const now = x
      x = phi * x + step * normal()
      return now
    }
  }
  return { uniform, normal, autoregressive }
}
