/** 1-2-5 ticks of a log axis within [low, high]; only the decades when there would be more than `most`. */
export function logTicks(low: number, high: number, most = 9): number[] {
  const ticks = (steps: readonly number[]): number[] => {
    const found: number[] = []
    for (let decade = Math.floor(Math.log10(low)); decade <= Math.ceil(Math.log10(high)); decade++) {
      for (const step of steps) {
        const value = Number((step * 10 ** decade).toPrecision(6))
        if (value >= low * 0.999 && value <= high * 1.001) found.push(value)
      }
    }
    return found
  }
  const fine = ticks([1, 2, 5])
  return fine.length <= most ? fine : ticks([1])
}

/** Round ticks of a linear axis from 0 to `high`, at most `most` above 0. */
export function evenTicks(high: number, most: number): number[] {
  const least = high / most
  const decade = 10 ** Math.floor(Math.log10(least))
  const step = [1, 2, 5, 10].map((factor) => factor * decade).find((one) => one >= least * 0.9999) ?? decade * 10
  return Array.from({ length: Math.floor(high / step + 1e-9) + 1 }, (_, at) => Number((at * step).toPrecision(9)))
}
