import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import { useRunView } from '../app/run-context.ts'
import { WaterfallBar, WaterfallLegend } from '../charts/waterfall-bar.tsx'
import { Disclosure } from '../parts/disclosure.tsx'
import { ExchangeDetails } from '../parts/exchange-details.tsx'
import { Empty, Section } from '../parts/section.tsx'
import { clock, latency } from '../view/format.ts'
import { mainPhase } from '../view/waterfall.ts'
import './slowest.css'

const SHOWN = 20

export function Slowest(): JSX.Element {
  const { record, endpoint } = useRunView()
  const slow = useMemo(
    () =>
      record.exemplars
        .filter((one) => one.reason === 'slow' && (endpoint === undefined || one.endpoint === endpoint))
        .toSorted((a, b) => b.total - a.total)
        .slice(0, SHOWN),
    [record, endpoint],
  )
  const longest = slow[0]?.total ?? 1
  return (
    <Section
      id="slowest"
      title="Slowest exchanges"
      about={
        slow.length === 0
          ? undefined
          : `Where their time went, on one scale from 0 to ${latency(longest)}${endpoint === undefined ? '' : `; ${endpoint} only`}.`
      }
    >
      {slow.length === 0 ? (
        <Empty>No slow exchange was kept.</Empty>
      ) : (
        <>
          <WaterfallLegend />
          <ol class="slowest">
            {slow.map((exemplar) => (
              <li key={`${exemplar.at} ${exemplar.user} ${exemplar.url}`}>
                <Disclosure
                  line={
                    <span class="slow-line">
                      <span class="slow-at quiet">{clock(exemplar.at / 1000)}</span>
                      <code>{exemplar.endpoint}</code>
                      <span class="quiet slow-status">{exemplar.status === 0 ? '–' : exemplar.status}</span>
                      <WaterfallBar exemplar={exemplar} longest={longest} />
                      <span class="slow-total">
                        <b>{latency(exemplar.total)}</b>
                        <span class="quiet small">{mainPhase(exemplar) ?? ''}</span>
                      </span>
                    </span>
                  }
                >
                  {() => <ExchangeDetails exemplar={exemplar} />}
                </Disclosure>
              </li>
            ))}
          </ol>
        </>
      )}
    </Section>
  )
}
