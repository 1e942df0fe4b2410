import type { JSX } from 'preact'
import { GAUGE_END, type Gauge } from '../view/gauge.ts'
import './gauge-bar.css'

const at = (share: number): string => `${((share / GAUGE_END) * 100).toFixed(2)}%`

/** A value on a bar on which the limit is at the same place in every row: the load line down the column. */
export function GaugeBar({ gauge, isMet }: { gauge: Gauge; isMet: boolean }): JSX.Element {
  const { share, low, high, allowed, beyondEnd } = gauge
  return (
    <span class={`gauge ${isMet ? 'gauge-met' : 'gauge-missed'} gauge-${allowed}`} aria-hidden="true">
      <span class="gauge-fill" style={{ width: at(share) }} />
      {low !== undefined && high !== undefined && (
        <span class="gauge-interval" style={{ left: at(low), width: at(high - low) }} />
      )}
      <span class="gauge-limit" style={{ left: at(1) }} />
      {beyondEnd && <span class="gauge-beyond">›</span>}
    </span>
  )
}
