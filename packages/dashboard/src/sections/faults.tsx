import type { JSX } from 'preact'
import { useRunView } from '../app/run-context.ts'
import { Empty, Section } from '../parts/section.tsx'
import { count } from '../view/format.ts'
import './faults.css'

const kinds = {
  threw: 'threw',
  hung: 'hung',
  looped: 'looped endlessly',
  'worker lost': 'took its worker down',
} as const

/** Journeys that went wrong by themselves, with the plan's own lines. */
export function Faults(): JSX.Element {
  const { faults } = useRunView().record
  return (
    <Section id="faults" title="Faults in journeys">
      {faults.length === 0 ? (
        <Empty>Every journey ran without throwing, hanging or looping.</Empty>
      ) : (
        <ol class="faults">
          {faults.map(({ kind, journey, user, message, stack, count: times }) => (
            <li key={`${kind} ${journey} ${message}`}>
              <h3>
                “{journey}” {kinds[kind]} <span class="quiet">{times === 1 ? 'once' : `${count(times)} times`}</span>
              </h3>
              <p class="small quiet">First for user {user}.</p>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
              <pre tabIndex={0}>{stack ?? message}</pre>
            </li>
          ))}
        </ol>
      )}
    </Section>
  )
}
