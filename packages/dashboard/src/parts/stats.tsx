import type { ComponentChildren, JSX } from 'preact'
import { count } from '../view/format.ts'
import './stats.css'

export interface Stat {
  readonly label: string
  readonly value: ComponentChildren
  /** Below the value, quietly. */
  readonly note?: ComponentChildren
  /** Calm without it. */
  readonly tone?: 'bad' | 'warn' | undefined
  /** The colour of its part in a bar nearby. */
  readonly swatch?: string
  /** What the label means. */
  readonly about?: string
}

/** A row of figures of equal rank. */
export const Stats = ({ stats }: { stats: readonly Stat[] }): JSX.Element => (
  <dl class="stats">
    {stats.map(({ label, value, note, tone, swatch, about }) => (
      <div key={label} class={tone === undefined ? undefined : `stat-loud tone-${tone}`} title={about}>
        <dt>
          {swatch !== undefined && <i style={{ background: swatch }} aria-hidden="true" />}
          {label}
        </dt>
        <dd class="stat-value">{value}</dd>
        {note !== undefined && <dd class="stat-note">{note}</dd>}
      </div>
    ))}
  </dl>
)

/** A count that should be 0: quiet when it is, loud in its tone when it is not. */
export const troubleStat = (
  label: string,
  times: number,
  tone: 'bad' | 'warn',
  rest: Pick<Stat, 'note' | 'swatch' | 'about'>,
): Stat => ({ label, value: count(times), ...(times > 0 ? { tone } : {}), ...rest })
