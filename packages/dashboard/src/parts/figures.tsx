import type { JSX } from 'preact'
import { useRunView } from '../app/run-context.ts'
import { NO_DATA, significant } from '../view/format.ts'
import { quantileDoubt } from '../view/quantiles.ts'
import './figures.css'

interface QuantileProps {
  q: number
  /** Milliseconds. */
  value: number | undefined
  samples: number
  censored?: number
  format?: (ms: number) => string
}

/** A percentile in milliseconds; marked when it is rough or a lower bound, struck out when the run is invalid. */
export function Quantile({ q, value, samples, censored = 0, format = significant }: QuantileProps): JSX.Element {
  const { struck } = useRunView()
  if (value === undefined) return <NoData />
  const doubt = quantileDoubt(q, samples, censored)
  const text = doubt === undefined ? format(value) : `${doubt.sign} ${format(value)}`
  return (
    <span class={doubt === undefined ? undefined : 'rough'} title={doubt?.why}>
      {struck === undefined ? text : <s class="struck">{text}</s>}
      {doubt !== undefined && <span class="sr-only">: {doubt.why}</span>}
    </span>
  )
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
