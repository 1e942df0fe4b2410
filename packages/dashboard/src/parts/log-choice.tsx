import type { JSX } from 'preact'
import { useRunView } from '../app/run-context.ts'

export function LogChoice(): JSX.Element {
  const { log, chooseLog } = useRunView()
  return (
    <label class="control log-choice">
      <input type="checkbox" checked={log} onChange={({ currentTarget }) => chooseLog(currentTarget.checked)} />
      Log latency
    </label>
  )
}
