import type { JSX } from 'preact'
import './range-bar.css'

interface RangeBarProps {
  /** Milliseconds. */
  min: number
  p50: number
  p95: number
  max: number
  /** The whole table's least and greatest, so that rows compare. */
  scale: readonly [low: number, high: number]
}

/** Least to greatest as a thin line, p50 to p95 as a thick one, on a log axis that all rows share. */
export function RangeBar({ min, p50, p95, max, scale }: RangeBarProps): JSX.Element {
  const low = Math.max(scale[0], 0.001)
  const span = Math.log(Math.max(scale[1], low * 1.01) / low)
  const at = (ms: number): number => (Math.log(Math.max(ms, low) / low) / span) * 100
  const place = (from: number, to: number): { left: string; width: string } => ({
    left: `${at(from).toFixed(2)}%`,
    width: `${(at(to) - at(from)).toFixed(2)}%`,
  })
  return (
    <span class="range" aria-hidden="true">
      <span class="range-whole" style={place(min, max)} />
      <span class="range-most" style={place(p50, p95)} />
      <span class="range-middle" style={{ left: `${at(p50).toFixed(2)}%` }} />
    </span>
  )
}
