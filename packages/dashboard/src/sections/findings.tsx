import type { JSX } from 'preact'
import { useRunView } from '../app/run-context.ts'
import { Empty, Section } from '../parts/section.tsx'
import './findings.css'

/** Named causes with their evidence, the surest first. */
export function Findings(): JSX.Element {
  const { verdict } = useRunView()
  const findings = verdict?.findings.toSorted((a, b) => b.confidence - a.confidence) ?? []
  return (
    <Section id="findings" title="Findings">
      {findings.length === 0 ? (
        <Empty>
          {verdict === undefined ? 'Looked for when the run is over.' : 'No cause was found that stands out.'}
        </Empty>
      ) : (
        <ol class="findings">
          {findings.map(({ id, title, confidence, evidence, recommendation }) => (
            <li key={id}>
              <h3>
                {title} <span class="quiet">{Math.round(confidence * 100)} % sure</span>
              </h3>
              <ul>
                {evidence.map((one) => (
                  <li key={one}>{one}</li>
                ))}
              </ul>
              <p>{recommendation}</p>
            </li>
          ))}
        </ol>
      )}
    </Section>
  )
}
