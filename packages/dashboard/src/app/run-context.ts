import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Verdict } from '../../../plimsoll/src/judge/verdict.ts'
import type { RunRecord } from '../../../plimsoll/src/record/run-record.ts'
import type { Window } from '../view/latency-rows.ts'
import type { PhaseBand } from '../view/phases.ts'
import type { RunKinds } from '../view/run-kinds.ts'

/** What every section reads: the run, and what the reader has chosen to look at. */
export interface RunView {
  readonly record: RunRecord
  /** Undefined while the run goes on. */
  readonly verdict: Verdict | undefined
  /** Why percentiles are struck out, in a few words, when the measurement is invalid. */
  readonly struck: string | undefined
  readonly kinds: RunKinds
  readonly bands: readonly PhaseBand[]
  readonly endpoints: readonly string[]
  /** Undefined: all of them together. */
  readonly endpoint: string | undefined
  readonly chooseEndpoint: (endpoint: string | undefined) => void
  /** Latency axes are logarithmic. */
  readonly log: boolean
  readonly chooseLog: (log: boolean) => void
  readonly window: Window
  readonly chooseWindow: (window: Window) => void
}

export const RunContext = createContext<RunView | undefined>(undefined)

export function useRunView(): RunView {
  const view = useContext(RunContext)
  if (view === undefined) throw new Error('sections are rendered inside RunContext only')
  return view
}
