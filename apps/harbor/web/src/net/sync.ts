import { plan } from './conditions.ts'

/** Calls `sync` at the interval that battery and network allow, now and until the returned function is called. */
export function syncRegularly(sync: () => void): () => void {
  let timer: ReturnType<typeof setTimeout>
  const tick = () => {
    sync()
    timer = setTimeout(tick, plan.current.interval)
  }
  tick()
  const unwatch = plan.watch(({ interval }) => {
    clearTimeout(timer)
    timer = setTimeout(tick, interval)
  })
  return () => {
    unwatch()
    clearTimeout(timer)
  }
}
