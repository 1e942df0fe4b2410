import type { JSX } from 'preact'
import { useRunView } from '../app/run-context.ts'
import { count, NO_DATA, significant } from '../view/format.ts'
import { enoughFor, quantileName, samplesNeeded } from '../view/quantiles.ts'
import './figures.css'

interface QuantileProps {
  q: number
  /** Milliseconds. */
  value: number | undefined
  samples: number
}

/** A percentile in milliseconds; withheld when there are too few samples, struck out when the run is invalid. */
export function Quantile({ q, value, samples }: QuantileProps): JSX.Element {
  const { struck } = useRunView()
  if (value === undefined) return <NoData />
  if (!enoughFor(q, samples)) {
    const why = `${quantileName(q)} needs ${count(samplesNeeded(q))} samples, there are ${count(samples)}`
    return (
      <span class="quiet small" title={why}>
        too few<span class="sr-only">: {why}</span>
      </span>
    )
  }
  return struck === undefined ? <span>{significant(value)}</span> : <s class="struck">{significant(value)}</s>
}

export const Ms = ({ value }: { value: number | undefined }): JSX.Element =>
  value === undefined ? <NoData /> : <span>{significant(value)}</span>

export const NoData = (): JSX.Element => <span class="quiet small">{NO_DATA}</span>

/** Stands beside whatever is struck out, and says why. */
export function StruckNote(): JSX.Element | null {
  const { struck } = useRunView()
  if (struck === undefined) return null
  return (
    <p class="struck-note">
      <s class="struck">Percentiles</s> are struck out: {struck}. <a href="#generator">What to change</a>
    </p>
  )
}
