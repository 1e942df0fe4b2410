import type { JSX } from 'preact'
import './part-bar.css'

export interface BarPart {
  readonly name: string
  readonly share: number
  readonly color: string
}

/** The parts of a whole on one line; a part that is there is seen, however small. */
export const PartBar = ({ label, parts }: { label: string; parts: readonly BarPart[] }): JSX.Element => (
  <div class="part-bar" role="img" aria-label={label}>
    {parts.map(({ name, share, color }) => (
      <span key={name} style={{ flexGrow: share, background: color }} />
    ))}
  </div>
)
