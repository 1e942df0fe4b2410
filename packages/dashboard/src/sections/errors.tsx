import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import { useRunView } from '../app/run-context.ts'
import { Disclosure } from '../parts/disclosure.tsx'
import { ExchangeDetails } from '../parts/exchange-details.tsx'
import { Empty, Section } from '../parts/section.tsx'
import { count, percent } from '../view/format.ts'
import './errors.css'

export function Errors(): JSX.Element {
  const { record } = useRunView()
  const errors = useMemo(() => record.errors.toSorted((a, b) => b.count - a.count), [record])
  const total = errors.reduce((sum, error) => sum + error.count, 0)
  return (
    <Section
      id="errors"
      title="Errors"
      about={total === 0 ? undefined : `${count(total)} over the whole run, with a few exchanges kept of each kind.`}
    >
      {total === 0 && (
        <Empty>
          {record.totals.requests > 0
            ? `No error in ${count(record.totals.requests)} requests.`
            : 'No request was made.'}
        </Empty>
      )}
      <ul class="errors">
        {errors.map(({ code, name, count: times }) => {
          const samples = record.exemplars.filter(
            (one) => one.reason === 'failed' && one.code === code && one.endpoint === name,
          )
          return (
            <li key={`${code} ${name}`}>
              <Disclosure
                line={
                  <span class="error-line">
                    <code class="error-code">{code}</code>
                    <span class="error-name">{name}</span>
                    <span class="error-share quiet">{percent(times / total)} of all</span>
                    <b>{count(times)}</b>
                  </span>
                }
              >
                {() =>
                  samples.length === 0 ? (
                    <p class="small quiet error-none">No exchange was kept of this kind.</p>
                  ) : (
                    <div>
                      {samples.map((sample) => (
                        <ExchangeDetails key={`${sample.at} ${sample.user}`} exemplar={sample} />
                      ))}
                    </div>
                  )
                }
              </Disclosure>
            </li>
          )
        })}
      </ul>
    </Section>
  )
}
