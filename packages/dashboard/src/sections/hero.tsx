import type { ComponentChildren, JSX } from 'preact'
import { useRunView } from '../app/run-context.ts'
import { NoData } from '../parts/figures.tsx'
import { duration } from '../view/format.ts'
import { doubtOf, headline } from '../view/headline.ts'
import { loadText } from '../view/load-text.ts'
import { summaryFigures } from '../view/summary-figures.ts'
import './hero.css'

/** The answer first, then what was asked. */
export function Hero(): JSX.Element {
  const { record, verdict, struck } = useRunView()
  const { tone, text } = headline(record, verdict)
  const { plan, startedAt } = record.started
  const failing = verdict?.thresholds.filter((one) => one.verdict === 'missed' || one.verdict === 'no data') ?? []
  return (
    <section class={`hero tone-${tone}`} id="verdict" aria-labelledby="headline">
      <p class="hero-plan">
        {plan.name} <span class="quiet">/</span> {plan.profile}
      </p>
      <h1 id="headline">{text}</h1>
      {failing.length > 0 && verdict?.outcome !== 'invalid' && (
        <p class="hero-failing">
          {failing.map((one, index) => (
            <span key={`${one.subject} ${one.metric}`}>
              {index > 0 && ', '}
              <code>{one.subject}</code> {one.metric}
            </span>
          ))}
        </p>
      )}
      <Meaning />
      <Doubts />
      <dl class="hero-figures">
        {summaryFigures(record).map(({ label, value, isQuantile, why }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd title={why}>
              {value === undefined ? (
                <NoData />
              ) : isQuantile && struck !== undefined ? (
                <s class="struck">{value}</s>
              ) : (
                value
              )}
              {why !== undefined && <span class="sr-only">: {why}</span>}
            </dd>
          </div>
        ))}
      </dl>
      <dl class="hero-facts">
        <Fact name="Load">{plan.shapes.map(loadText).join('; ')}</Fact>
        <Fact name="System">{plan.url}</Fact>
        <Fact name="Started">
          <time dateTime={startedAt}>{startedText(startedAt)}</time>
        </Fact>
        <Fact name="Lasted">
          {record.duration > 0 ? duration(record.duration) : <NoData />}
          {record.judged.duration > 0 && (
            <span class="quiet">
              {' '}
              · judged: {record.judged.window === 'steady' ? 'the steady part' : 'all after the warm-up'},{' '}
              {duration(record.judged.duration)}
            </span>
          )}
        </Fact>
        {plan.scale !== 1 && <Fact name="Scale">{plan.scale} of the plan’s users and time</Fact>}
      </dl>
    </section>
  )
}

/** What an invalid run means to somebody who sees one for the first time, and what to do about it. */
function Meaning(): JSX.Element | null {
  const explanation = useRunView().verdict?.explanation
  if (explanation === undefined) return null
  return (
    <div class="hero-meaning">
      <p>{explanation.meaning}</p>
      <p>What to do:</p>
      <ol>
        {explanation.next.map((one) => (
          <li key={one}>{one.split('`').map((part, at) => (at % 2 === 1 ? <code key={part}>{part}</code> : part))}</li>
        ))}
      </ol>
    </div>
  )
}

/** Full reasons when they decide, a line to follow when they only qualify. */
function Doubts(): JSX.Element | null {
  const validity = useRunView().verdict?.validity
  if (validity === undefined || validity.flags.length === 0) return null
  if (validity.state === 'suspect') {
    const doubts = [...new Set(validity.flags.map(({ id }) => `${doubtOf(id)}${id.startsWith('V') ? ` (${id})` : ''}`))]
    return (
      <p class="hero-doubts">
        Read with care: {doubts.join(', ')}. <a href="#generator">Details</a>
      </p>
    )
  }
  return (
    <ul class="hero-doubts">
      {validity.flags.map(({ id, reason }) => (
        <li key={`${id} ${reason}`}>
          <a href="#generator">{id.startsWith('V') ? id : 'Doubt'}</a> {reason}
        </li>
      ))}
    </ul>
  )
}

function Fact({ name, children }: { name: string; children: ComponentChildren }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

const startedText = (iso: string): string =>
  new Date(iso).toLocaleString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  })
