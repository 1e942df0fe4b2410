import type { JSX } from 'preact'
import type { Exemplar } from '../../../plimsoll/src/record/events.ts'
import { clock, latency } from '../view/format.ts'
import { waterfall } from '../view/waterfall.ts'
import './exchange-details.css'

/** One exchange as it was on the wire, secrets already removed by whoever recorded it. */
export function ExchangeDetails({ exemplar }: { exemplar: Exemplar }): JSX.Element {
  const { method, url, status, journey, user, at, total, message } = exemplar
  return (
    <div class="exchange">
      <p class="small quiet">
        Planned for {clock(at / 1000, true)} of the run, by user {user} in “{journey}”; {latency(total)} in all.
        {message !== undefined && <> {message}</>}
      </p>
      <div class="exchange-sides">
        <Side
          title="Request"
          first={`${method} ${url}`}
          headers={exemplar.requestHeaders}
          body={exemplar.requestBody}
        />
        <Side
          title="Response"
          first={status === 0 ? 'no answer' : String(status)}
          headers={exemplar.responseHeaders}
          body={exemplar.responseBody}
        />
      </div>
      <dl class="exchange-phases small">
        {waterfall(exemplar).map(({ phase, ms }) => (
          <div key={phase}>
            <dt>
              <i class={`phase-${phase}`} aria-hidden="true" />
              {phase}
            </dt>
            <dd>{latency(ms)}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

interface SideProps {
  title: string
  first: string
  headers: Exemplar['requestHeaders']
  body: string | undefined
}

function Side({ title, first, headers, body }: SideProps): JSX.Element {
  return (
    <div class="exchange-side">
      <h4>{title}</h4>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>
        <b>{first}</b>
        {headers.map(([name, value], index) => (
          <span key={index}>
            {'\n'}
            <span class="quiet">{name}:</span> {value}
          </span>
        ))}
        {body !== undefined && body !== '' && `\n\n${body}`}
      </pre>
      {(body === undefined || body === '') && <p class="small quiet">no body kept</p>}
    </div>
  )
}
