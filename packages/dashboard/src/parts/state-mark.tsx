import type { ComponentChildren, JSX } from 'preact'
import type { ThresholdState } from '../../../plimsoll/src/judge/verdict.ts'
import './state-mark.css'

export type Tone = 'good' | 'bad' | 'warn' | 'neutral'

const marks = {
  met: ['✓', 'good'],
  missed: ['✕', 'bad'],
  'no data': ['∅', 'warn'],
  'not judged': ['–', 'neutral'],
  ok: ['✓', 'good'],
  suspect: ['!', 'warn'],
  invalid: ['✕', 'bad'],
  'not run': ['–', 'neutral'],
} as const

export type MarkState = ThresholdState | 'ok' | 'suspect' | 'invalid' | 'not run'

/** A state by sign, word and colour: any one of them is enough. */
export function StateMark({ state }: { state: MarkState }): JSX.Element {
  const [sign, tone] = marks[state]
  return (
    <ToneMark sign={sign} tone={tone}>
      {state}
    </ToneMark>
  )
}

interface ToneMarkProps {
  sign: string
  tone: Tone
  children: ComponentChildren
}

export const ToneMark = ({ sign, tone, children }: ToneMarkProps): JSX.Element => (
  <span class={`state tone-${tone}`}>
    <span class="state-sign" aria-hidden="true">
      {sign}
    </span>
    {children}
  </span>
)
