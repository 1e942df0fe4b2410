import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import { useRunView } from '../app/run-context.ts'
import { Empty, Section } from '../parts/section.tsx'
import { highlight } from '../view/highlight.ts'
import './plan-text.css'

export function PlanText(): JSX.Element {
  const { plan } = useRunView().record.started
  const tokens = useMemo(() => highlight(plan.source), [plan.source])
  return (
    <Section id="plan" title="Plan" about={<code>{plan.file}</code>}>
      {plan.source.trim() === '' ? (
        <Empty>The plan’s text was not kept.</Empty>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <pre class="plan-text" tabIndex={0}>
          <code>
            {tokens.map(({ kind, text }, index) =>
              kind === 'plain' ? (
                text
              ) : (
                <span key={index} class={`token-${kind}`}>
                  {text}
                </span>
              ),
            )}
          </code>
        </pre>
      )}
    </Section>
  )
}
