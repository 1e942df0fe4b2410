/**
 * The exact split of whole things between workers: worker `w` of `workers` owns the indexes w, w + workers,
 * w + 2·workers… Shares sum to the whole, and a growing whole never takes anything away from a worker (a proportional
 * split with rounding does).
 */
export const shareOf = (total: number, worker: number, workers: number): number =>
  total <= worker ? 0 : Math.ceil((total - worker) / workers)

/** The run-wide index of a worker's `nth` own thing, both from 0. */
export const globalIndex = (nth: number, worker: number, workers: number): number => worker + nth * workers
