import type { JSX } from 'preact'
import type { Exemplar } from '../../../plimsoll/src/record/events.ts'
import { latency } from '../view/format.ts'
import { phaseNames, waterfall } from '../view/waterfall.ts'
import './waterfall-bar.css'

/** Where one exchange's time went; `longest` is the scale that all bars of a list share, in milliseconds. */
export function WaterfallBar({ exemplar, longest }: { exemplar: Exemplar; longest: number }): JSX.Element {
  const at = (ms: number): string => `${((ms / longest) * 100).toFixed(3)}%`
  const segments = waterfall(exemplar)
  const text = segments.map(({ phase, ms }) => `${phase} ${latency(ms)}`).join(', ')
  return (
    <span class="waterfall" role="img" aria-label={text === '' ? 'no phases known' : text} title={text}>
      {segments.map(({ phase, from, ms }) => (
        <span key={phase} class={`phase-${phase}`} style={{ left: at(from), width: at(ms) }} />
      ))}
    </span>
  )
}

export function WaterfallLegend(): JSX.Element {
  return (
    <ul class="waterfall-legend" aria-label="Colours of the phases">
      {phaseNames.map((phase) => (
        <li key={phase}>
          <i class={`phase-${phase}`} aria-hidden="true" />
          {phase}
        </li>
      ))}
    </ul>
  )
}
