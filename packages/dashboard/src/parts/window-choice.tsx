import type { JSX } from 'preact'
import { useRunView } from '../app/run-context.ts'
import './window-choice.css'

/** Between the part of the run that thresholds look at and all of it. */
export function WindowChoice(): JSX.Element {
  const { record, window, chooseWindow } = useRunView()
  const names = { judged: record.judged.window === 'steady' ? 'Steady part' : 'After warm-up', whole: 'Whole run' }
  return (
    <fieldset class="choice">
      <legend class="sr-only">Part of the run</legend>
      {(['judged', 'whole'] as const).map((one) => (
        <button key={one} type="button" aria-pressed={window === one} onClick={() => chooseWindow(one)}>
          {names[one]}
        </button>
      ))}
    </fieldset>
  )
}
