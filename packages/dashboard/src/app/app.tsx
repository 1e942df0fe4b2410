import type { JSX } from 'preact'
import { useEffect, useLayoutEffect, useMemo, useState } from 'preact/hooks'
import type { Verdict } from '../../../plimsoll/src/judge/verdict.ts'
import type { RunRecord } from '../../../plimsoll/src/record/run-record.ts'
import { type TimeRange, type Zoom, ZoomContext } from '../charts/time-range.ts'
import { Answers } from '../sections/answers.tsx'
import { Checks } from '../sections/checks.tsx'
import { Connections } from '../sections/connections.tsx'
import { Deliveries } from '../sections/deliveries.tsx'
import { DeliveryLatency } from '../sections/delivery-latency.tsx'
import { Endpoints } from '../sections/endpoints.tsx'
import { Errors } from '../sections/errors.tsx'
import { Faults } from '../sections/faults.tsx'
import { Findings } from '../sections/findings.tsx'
import { Generator } from '../sections/generator.tsx'
import { Hero } from '../sections/hero.tsx'
import { Journeys } from '../sections/journeys.tsx'
import { Latency } from '../sections/latency.tsx'
import { Machine } from '../sections/machine.tsx'
import { Messages } from '../sections/messages.tsx'
import { PlanText } from '../sections/plan-text.tsx'
import { Probes } from '../sections/probes.tsx'
import { Slowest } from '../sections/slowest.tsx'
import { Thresholds } from '../sections/thresholds.tsx'
import { Timeline } from '../sections/timeline.tsx'
import type { Source } from '../source/source.ts'
import { endpointNames } from '../view/find-series.ts'
import { headline, reasonOfInvalid } from '../view/headline.ts'
import type { Window } from '../view/latency-rows.ts'
import { phaseBands } from '../view/phases.ts'
import { runKinds } from '../view/run-kinds.ts'
import './app.css'
import './base.css'
import { Header } from './header.tsx'
import { RunContext, type RunView } from './run-context.ts'
import { ThemeContext, useThemeChoice } from './theme.ts'
import { useRun } from './use-run.ts'

interface AppProps {
  source: Source
  /** Undefined while the run goes on. */
  verdict: Verdict | undefined
}

export function App({ source, verdict }: AppProps): JSX.Element {
  const record = useRun(source)
  const [theme, chooseTheme] = useThemeChoice()
  return (
    <ThemeContext.Provider value={theme}>
      {record === undefined ? (
        <p class="waiting">Waiting for the run’s first event…</p>
      ) : (
        <Run record={record} verdict={verdict} header={<Header theme={theme} chooseTheme={chooseTheme} />} />
      )}
    </ThemeContext.Provider>
  )
}

interface RunProps {
  record: RunRecord
  verdict: Verdict | undefined
  header: JSX.Element
}

function Run({ record, verdict, header }: RunProps): JSX.Element {
  const [endpoint, chooseEndpoint] = useState<string | undefined>(undefined)
  const [log, chooseLog] = useState(false)
  const [window, chooseWindow] = useState<Window>('judged')
  const view = useMemo(
    (): RunView => ({
      record,
      verdict,
      struck: verdict?.validity.state === 'invalid' ? reasonOfInvalid(verdict) : undefined,
      kinds: runKinds(record),
      bands: phaseBands(record.timeline),
      endpoints: endpointNames(record),
      endpoint,
      chooseEndpoint,
      log,
      chooseLog,
      window,
      chooseWindow,
    }),
    [record, verdict, endpoint, log, window],
  )
  const zoom = useZoomState(record)
  useEffect(() => {
    const { plan } = record.started
    document.title = `${headline(record, verdict).short}: ${plan.name}, ${plan.profile} · Plimsoll`
  }, [record, verdict])

  return (
    <RunContext.Provider value={view}>
      <ZoomContext.Provider value={zoom}>
        <a class="skip" href="#headline">
          Skip to the verdict
        </a>
        {header}
        <main class="page">
          <Hero />
          <Thresholds />
          <Findings />
          <Timeline />
          <Deliveries />
          <DeliveryLatency />
          <Connections />
          <Answers />
          <Messages />
          {view.kinds.http && <Latency />}
          {view.kinds.http && <Endpoints />}
          <Journeys />
          <Checks />
          <Errors />
          {view.kinds.http && <Slowest />}
          <Probes />
          <Generator />
          <Faults />
          <PlanText />
          <Machine />
        </main>
      </ZoomContext.Provider>
    </RunContext.Provider>
  )
}

/** One stretch of time for all charts; Escape gives all of it back. */
function useZoomState(record: RunRecord): Zoom {
  const [range, set] = useState<TimeRange | undefined>(undefined)
  // Before the next paint: Escape may follow the drag at once.
  useLayoutEffect(() => {
    if (range === undefined) return
    const reset = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') set(undefined)
    }
    addEventListener('keydown', reset)
    return () => removeEventListener('keydown', reset)
  }, [range])
  const end = Math.max(1, (record.timeline.at(-1)?.to ?? 0) / 1000)
  return useMemo(() => ({ range, full: [0, end], set }), [range, end])
}
